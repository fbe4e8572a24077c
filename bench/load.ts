/**
 * The load generator: a process of its own, so that what it costs is not counted to anyone and its latencies do not
 * wait for anyone. It is told by messages what to do and answers each with what it saw.
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
// Ctrl-C in a terminal reaches this process too; its parent tells it when to end.
process.on('SIGINT', () => {})

async function run({ url, token, body, concurrency, seconds }: Load): Promise<LoadResult> {
  const { origin, pathname } = new URL(url)
  const pool = pools.get(origin) ?? new Pool(origin, { connections: 64, keepAliveTimeout: 60_000 })
  pools.set(origin, pool)
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const latencies: number[] = []
  const begin = performance.now()
  const end = begin + seconds * 1000
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (performance.now() < end) {
        const sent = performance.now()
        const response = await pool.request({ method: 'POST', path: pathname, headers, body })
        const text = await response.body.text()
        if (response.statusCode !== 200 || text.includes('"errors"')) throw new Error(`${url}: ${text}`)
        latencies.push(performance.now() - sent)
      }
    }),
  )
  const elapsed = (performance.now() - begin) / 1000
  latencies.sort((a, b) => a - b)
  const percentile = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN
  return {
    requests: latencies.length,
    perSecond: latencies.length / elapsed,
    p50: percentile(0.5),
    p99: percentile(0.99),
  }
}
