/** The tracer on top of OpenTelemetry. It is loaded only if traces are on, because its packages take time to load. */
import {
  type Context,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { createAttachment } from '../attachment.ts'
import type { Span } from './span.ts'
import type { SpanOptions, Tracer } from './tracing.ts'

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL }

/** A tracer that sends its spans to a collector. */
export type ExportingTracer = Tracer & {
  /** Sends what is left. */
  close(): Promise<void>
}

/**
 * Creates a tracer that sends spans to `<endpoint>/v1/traces` (OTLP over HTTP). It registers nothing globally, so only
 * the spans of this product are sent. The SDK reads its other settings, such as OTEL_TRACES_SAMPLER and
 * OTEL_EXPORTER_OTLP_HEADERS, from the environment.
 */
export function createExportingTracer(service: string, endpoint: string): ExportingTracer {
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces` })
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  })
  const tracer = provider.getTracer('moblog')
  const known = createAttachment<Span, Context>('trace context')

  const contextOf = (parent: SpanOptions['parent']): Context => {
    if (parent === null) return ROOT_CONTEXT
    if (typeof parent !== 'string') return known.get(parent) ?? ROOT_CONTEXT
    const remote = parseTraceparent(parent)
    return remote ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT
  }

  return {
    start(name, { kind, attributes, parent }) {
      const context = contextOf(parent)
      const started = tracer.startSpan(
        name,
        { kind: KINDS[kind], ...(attributes && { attributes }) },
        context,
      )
      const { traceId, spanId, traceFlags } = started.spanContext()
      const span: Span = {
        traceId,
        traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
        rename: (next) => void started.updateName(next),
        set: (further) => void started.setAttributes(further),
        end(error) {
          if (error !== undefined) {
            // The class of an error is safe to send, its message may hold values.
            started.setAttribute('error.type', error instanceof Error ? error.name : 'Error')
            started.setStatus({ code: SpanStatusCode.ERROR })
          }
          started.end()
        },
      }
      known.set(span, trace.setSpan(ROOT_CONTEXT, started))
      return span
    },
    close: () => provider.shutdown(),
  }
}

/** Reads the header `traceparent` (W3C Trace Context, section 3.2); null if it is malformed. */
export function parseTraceparent(header: string): SpanContext | null {
  const [, version, traceId = '', spanId = '', flags = ''] =
    /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/.exec(header) ?? []
  if (version === undefined || version === 'ff' || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return null
  const isSampled = (Number.parseInt(flags, 16) & TraceFlags.SAMPLED) !== 0
  return { traceId, spanId, traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE, isRemote: true }
}
