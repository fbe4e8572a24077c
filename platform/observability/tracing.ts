import { createScope, currentScope, runInScope } from './request-scope.ts'
import type { Attributes, Span } from './span.ts'

/** How a span is created. */
export type SpanOptions = {
  kind: 'server' | 'client' | 'internal'
  attributes?: Attributes
  /** The span that it belongs to, or its `traceparent`. Without one, it begins a trace. */
  parent: Span | string | null
}

/** Creates spans; see `opentelemetry.ts`. */
export type Tracer = { start(name: string, options: SpanOptions): Span }

let tracer: Tracer | null = null

/** Sets the tracer of this process; null turns traces off. */
export function setTracer(next: Tracer | null): void {
  tracer = next
}

/** Whether traces are on. */
export function isTracing(): boolean {
  return tracer !== null
}

/** Starts a span with an explicit parent; null if traces are off. */
export function startSpan(name: string, options: SpanOptions): Span | null {
  return tracer?.start(name, options) ?? null
}

/** Starts a span below the current one, for work that opens no further spans; null if traces are off. */
export function startLeaf(name: string, kind: SpanOptions['kind'], attributes: Attributes): Span | null {
  return tracer?.start(name, { kind, attributes, parent: currentScope()?.span ?? null }) ?? null
}

/** Runs work in a span below the current one. If traces are off, it only runs the work. */
export function inSpan<Result>(
  name: string,
  kind: SpanOptions['kind'],
  attributes: Attributes,
  work: () => Promise<Result>,
): Promise<Result> {
  if (!tracer) return work()
  const scope = currentScope()
  const span = tracer.start(name, { kind, attributes, parent: scope?.span ?? null })
  return runInSpan(span, work)
}

/** Runs work with a span as the current one, and ends the span with the work. */
export async function runInSpan<Result>(span: Span, work: () => Promise<Result>): Promise<Result> {
  const scope = currentScope() ?? createScope(span.traceId)
  try {
    const result = await runInScope({ ...scope, span }, work)
    span.end()
    return result
  } catch (error) {
    span.end(error)
    throw error
  }
}

/** The headers that tell another service the current request and span. */
export function outgoingHeaders(): Record<string, string> {
  const scope = currentScope()
  if (!scope) return {}
  const { requestId, span } = scope
  return span ? { 'x-request-id': requestId, traceparent: span.traceparent } : { 'x-request-id': requestId }
}
