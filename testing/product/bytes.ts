import { setTimeout as sleep } from 'node:timers/promises'
import { sha256Of } from '../../scripts/client/media-file.ts'

/** A response with its complete body. */
export type Fetched = { status: number; headers: Headers; bytes: Buffer; sha256: string }

/** Fetches an address. If the content is still being made, it retries, as players do. */
export async function fetchBytes(url: string, init: RequestInit = {}): Promise<Fetched> {
  let response = await fetch(url, { redirect: 'manual', ...init })
  for (const until = Date.now() + 60_000; isBeingMade(response) && Date.now() < until; ) {
    await sleep(100)
    response = await fetch(url, { redirect: 'manual', ...init })
  }
  const bytes = Buffer.from(await response.arrayBuffer())
  return { status: response.status, headers: response.headers, bytes, sha256: sha256Of(bytes) }
}

function isBeingMade({ status, headers }: Response): boolean {
  return status === 503 && headers.has('retry-after')
}

/**
 * Waits until an address is refused, and resolves to the milliseconds that this took. A response that is cut off in the
 * middle is not yet a refusal, so the request is repeated.
 */
export async function untilRefused(url: string, withinMs: number): Promise<number> {
  const startedAt = performance.now()
  for (;;) {
    const status = await fetchBytes(url, { headers: { range: 'bytes=0-0' } }).then(
      (response) => response.status,
      () => 0,
    )
    const elapsed = performance.now() - startedAt
    if (status >= 400) return elapsed
    if (elapsed > withinMs) throw new Error(`the address is still served after ${Math.round(elapsed)} ms`)
    await sleep(10)
  }
}
