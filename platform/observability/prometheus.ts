/** The backend of the metrics on top of prom-client. It is loaded only if metrics are on. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Log } from '../log.ts'
import type { Backend } from './metrics.ts'

/** A backend that Prometheus can read. */
export type PrometheusBackend = Backend & {
  contentType: string
  /** All values, in the text format of Prometheus. */
  text(): Promise<string>
}

/** Creates the backend, with the metrics of the process and of Node.js, such as the event loop lag. */
export function createPrometheusBackend(log: Log): PrometheusBackend {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const base = ({ name, help, labels = [] }: { name: string; help: string; labels?: readonly string[] }) => ({
    ...{ name, help, labelNames: [...labels], registers: [registry] },
  })
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    counter(definition) {
      const held = new Counter(base(definition))
      return (labels, amount) => held.inc(labels, amount)
    },
    histogram(definition) {
      const held = new Histogram({ ...base(definition), buckets: [...definition.buckets] })
      return (labels, value) => held.observe(labels, value)
    },
    gauge(definition) {
      const held = new Gauge({
        ...base(definition),
        async collect() {
          try {
            const samples = await definition.read()
            held.reset()
            for (const { labels, value } of samples) held.set(labels, value)
          } catch (error) {
            // The other metrics must not be missing because one source, such as the database, does not answer.
            held.reset()
            log.warn({ err: error, metric: definition.name }, 'metric could not be read')
          }
        },
      })
    },
  }
}
