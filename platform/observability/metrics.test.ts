import { ConfigError } from '../config.ts'
import { createLog } from '../log.ts'
import { counter, gauge, histogram, isMeasuring } from './metrics.ts'
import { startObservability } from './start-observability.ts'

const log = createLog('test', 'silent')

it('instruments do nothing until metrics are on; then all of them are in one registry', async () => {
  const early = counter({ name: 'test_early_total', help: 'Declared first.', labels: ['kind'] })
  early.add({ kind: 'lost' })
  expect(isMeasuring()).toBe(false)

  const config = { METRICS_PORT: 0, METRICS_HOST: '127.0.0.1' }
  const ports: number[] = []
  const noting = { ...log, info: (fields: unknown) => void ports.push((fields as { port: number }).port) }
  const observability = await startObservability('test', config, noting)
  expect(isMeasuring()).toBe(true)
  const late = histogram({ name: 'test_late_seconds', help: 'Declared last.', buckets: [1, 2] })
  gauge({
    name: 'test_depth',
    help: 'Read when asked.',
    labels: ['queue'],
    read: () => [{ labels: { queue: 'a' }, value: 7 }],
  })
  gauge({ name: 'test_broken', help: 'Cannot be read.', read: () => Promise.reject(new Error('no answer')) })
  early.add({ kind: 'kept' }, 2)
  late.observe({}, 1.5)

  const address = `http://127.0.0.1:${ports[0]}`
  const answer = await fetch(`${address}/metrics`)
  const text = await answer.text()
  expect(answer.headers.get('content-type')).toContain('text/plain')
  expect(text).toContain('test_early_total{kind="kept"} 2')
  expect(text).not.toContain('lost')
  expect(text).toContain('test_late_seconds_bucket{le="2"} 1')
  expect(text).toContain('test_depth{queue="a"} 7')
  // The default metrics of Node.js, and those of the process.
  expect(text).toContain('nodejs_eventloop_lag_p99_seconds')
  expect(text).toContain('process_resident_memory_bytes')
  expect((await fetch(address)).status).toBe(404)
  expect((await fetch(`${address}/metrics`, { method: 'POST' })).status).toBe(404)
  await observability.stop()
  await expect(fetch(`${address}/metrics`)).rejects.toThrow()
})

it('a port that is in use is named as METRICS_PORT', async () => {
  const { startMetricsServer } = await import('./metrics-server.ts')
  const backend = { contentType: 'text/plain', text: async () => '' }
  const first = await startMetricsServer({ host: '127.0.0.1', port: 0, backend, log })
  const second = startMetricsServer({ host: '127.0.0.1', port: first.port, backend, log })
  await expect(second).rejects.toThrow(ConfigError)
  await expect(second).rejects.toThrow(`METRICS_PORT: another program listens on port ${first.port}`)
  await first.stop()
})
