import type { Log } from '../log.ts'
import { readShare } from '../worker-share.ts'
import { isMeasuring, setBackend } from './metrics.ts'
import { setTracer } from './tracing.ts'

/** The settings of observability, which every program reads. */
export type ObservabilityConfig = {
  METRICS_PORT?: number | undefined
  METRICS_HOST: string
  OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined
}

/** Running metrics and traces. */
export type Observability = { stop(): Promise<void> }

/**
 * Turns on the metrics and traces that are configured. Call it before services start, once per process: several
 * services in one process share one registry of metrics.
 *
 * @param service the name of the process in traces
 * @throws ConfigError if the port of the metrics cannot be used
 */
export async function startObservability(
  service: string,
  config: ObservabilityConfig,
  log: Log,
): Promise<Observability> {
  const stops: (() => Promise<void>)[] = []
  const { METRICS_PORT: port, METRICS_HOST: host, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = config
  if (port !== undefined) {
    // Each worker has metrics of its own.
    const ownPort = port === 0 ? 0 : port + (readShare(process.env)?.index ?? 0)
    const [{ createPrometheusBackend }, { startMetricsServer }] = await Promise.all([
      import('./prometheus.ts'),
      import('./metrics-server.ts'),
    ])
    if (isMeasuring()) throw new Error('the metrics of this process are already on')
    const backend = createPrometheusBackend(log)
    setBackend(backend)
    const server = await startMetricsServer({ host, port: ownPort, backend, log })
    stops.push(server.stop)
  }
  if (endpoint !== undefined) {
    const { createExportingTracer } = await import('./opentelemetry.ts')
    const tracer = createExportingTracer(service, endpoint)
    setTracer(tracer)
    stops.push(async () => {
      setTracer(null)
      await tracer.close().catch((error) => log.warn({ err: error }, 'the last spans were not sent'))
    })
  }
  return {
    async stop() {
      await Promise.all(stops.map((stop) => stop()))
    },
  }
}
