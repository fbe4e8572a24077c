import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { listen } from '../http/listen.ts'
import type { Log } from '../log.ts'
import type { PrometheusBackend } from './prometheus.ts'

/**
 * Serves the metrics at `/metrics` on a port of their own. The port has no authentication, so it must not be public.
 *
 * @throws ConfigError if the port or the address cannot be used
 */
export async function startMetricsServer(options: {
  host: string
  port: number
  backend: Pick<PrometheusBackend, 'contentType' | 'text'>
  log: Log
}): Promise<{ port: number; stop(): Promise<void> }> {
  const { host, port, backend, log } = options
  const server = createServer(async (request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('The metrics are at /metrics.\n')
      return
    }
    try {
      const text = await backend.text()
      response.writeHead(200, { 'content-type': backend.contentType }).end(text)
    } catch (error) {
      log.error({ err: error }, 'collecting metrics failed')
      response.writeHead(500).end()
    }
  })
  await listen(server, host, port, { host: 'METRICS_HOST', port: 'METRICS_PORT' })
  const chosen = (server.address() as AddressInfo).port
  log.info({ port: chosen, host }, 'metrics are served at /metrics')
  return {
    port: chosen,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
