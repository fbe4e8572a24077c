import type { Tracer } from '../platform/observability/tracing.ts'

/** A span of a fake tracer. */
export type Started = { name: string; parent: unknown; ended: string }

/** A tracer that keeps its spans. The `traceparent` of a span is "of" and its name. */
export function fakeTracer(): Tracer & { spans: Started[] } {
  const spans: Started[] = []
  return {
    spans,
    start(name, { parent }) {
      const from = parent === null || typeof parent === 'string' ? parent : parent.traceparent
      const started: Started = { name, parent: from, ended: 'no' }
      spans.push(started)
      return {
        traceId: 't',
        traceparent: `of ${name}`,
        rename: (next) => void Object.assign(started, { name: next }),
        set: () => {},
        end: (error) => void Object.assign(started, { ended: error === undefined ? 'well' : 'failed' }),
      }
    },
  }
}
