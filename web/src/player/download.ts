import { pause } from './pause.ts'
import { DownloadRefused } from './refusal.ts'

/** How much of a file has arrived, in bytes; the total is null if the server does not say it. */
export type DownloadProgress = { received: number; total: number | null }

const ATTEMPTS = 5

/**
 * Downloads a file with progress. A connection that breaks continues where it was.
 *
 * @param address returns the address, which may have been renewed since the last attempt
 * @throws DownloadRefused if the server refuses the address
 */
export async function downloadFile(
  address: () => string,
  onProgress: (progress: DownloadProgress) => void,
  signal: AbortSignal,
  pauseMs = 1_000,
): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  const state: { received: number; total: number | null; tag: string | null; type: string } = {
    received: 0,
    total: null,
    tag: null,
    type: '',
  }
  for (let attempt = 1; ; attempt += 1) {
    const before = state.received
    try {
      await receive(address(), parts, state, onProgress, signal)
      return new Blob(parts, { type: state.type })
    } catch (error) {
      if (error instanceof DownloadRefused || signal.aborted) throw error
      // What arrived counts as progress, so only attempts in vain are counted.
      if (state.received > before) attempt = 0
      if (attempt >= ATTEMPTS) throw error
      await pause(pauseMs * 2 ** attempt, signal)
    }
  }
}

async function receive(
  url: string,
  parts: Uint8Array<ArrayBuffer>[],
  state: { received: number; total: number | null; tag: string | null; type: string },
  onProgress: (progress: DownloadProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const continues = state.received > 0 && state.tag !== null
  const headers: Record<string, string> = continues
    ? { range: `bytes=${state.received}-`, 'if-range': state.tag ?? '' }
    : {}
  // A file that the browser has kept would also be downloaded after the viewer's right to it has ended.
  const response = await fetch(url, { credentials: 'omit', cache: 'no-store', headers, signal })
  if (response.status >= 400 && response.status < 500 && response.status !== 429)
    throw new DownloadRefused(response.status)
  if (!response.ok || !response.body) throw new Error(`status ${response.status}`)
  if (response.status !== 206) {
    parts.length = 0
    state.received = 0
    state.total = Number(response.headers.get('content-length')) || null
    state.tag = response.headers.get('etag')
    state.type = response.headers.get('content-type') ?? ''
  }
  onProgress({ received: state.received, total: state.total })
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read()
    if (done) break
    parts.push(value)
    state.received += value.byteLength
    onProgress({ received: state.received, total: state.total })
  }
  if (state.total !== null && state.received < state.total) throw new Error('the connection broke')
}
