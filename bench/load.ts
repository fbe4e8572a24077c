/**
 * The load generator. It is a process of its own, so that its processor time is not counted as the product's and the
 * latencies include no waiting of the benchmark. Its parent sends it loads as messages, and it answers with the results.
 */
import { Pool } from 'undici'
import type { Load, LoadResult } from './load-generator.ts'

const pools = new Map<string, Pool>()

process.on('message', (load: Load) => {
  run(load).then(
    (result) => process.send?.({ result }),
    (error) => process.send?.({ error: String(error) }),
  )
})
process.on('disconnect', () => process.exit())
// Ctrl-C in a terminal reaches this process too, but its parent decides when it ends.
process.on('SIGINT', () => {})

async function run({ url, viewers, body, concurrency, seconds }: Load): Promise<LoadResult> {
  const { origin, pathname } = new URL(url)
  const pool = pools.get(origin) ?? new Pool(origin, { connections: 256, keepAliveTimeout: 60_000 })
  pools.set(origin, pool)
  const latencies: number[] = []
  const failures: string[] = []
  const begin = performance.now()
  const end = begin + seconds * 1000
  await Promise.all(
    Array.from({ length: concurrency }, async (_, index) => {
      const headers = { 'content-type': 'application/json', ...viewers[index % viewers.length] }
      while (performance.now() < end) {
        const sent = performance.now()
        const failure = await ask(pool, { path: pathname, headers, body })
        if (failure === null) latencies.push(performance.now() - sent)
        else failures.push(failure)
      }
    }),
  )
  if (latencies.length === 0) throw new Error(`${url}: ${failures[0]}`)
  const elapsed = (performance.now() - begin) / 1000
  latencies.sort((a, b) => a - b)
  const percentile = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN
  return {
    requests: latencies.length,
    failed: failures.length,
    perSecond: latencies.length / elapsed,
    p50: percentile(0.5),
    p99: percentile(0.99),
  }
}

/** Sends a request and reads the answer. Returns the problem, or null. */
async function ask(pool: Pool, request: { path: string; headers: Record<string, string>; body: string }) {
  try {
    const response = await pool.request({ method: 'POST', ...request })
    const text = await response.body.text()
    return response.statusCode === 200 && !text.includes('"errors"') ? null : text
  } catch (error) {
    return String(error)
  }
}
