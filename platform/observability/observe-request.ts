import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Log } from '../log.ts'
import { counter, histogram, REQUEST_SECONDS } from './metrics.ts'
import { requestIdOf } from './request-id.ts'
import { createScope, type RequestFacts, runInScope } from './request-scope.ts'
import { startSpan } from './tracing.ts'

/** A request that has been answered, or whose client has gone. */
export type FinishedRequest = {
  requestId: string
  method: string
  /** The route's template, never the path, which may hold a token; null if no route matches. */
  route: string | null
  status: number
  /** Whether the connection closed before the response was complete. */
  isAborted: boolean
  /** The bytes that were sent, headers included. */
  bytes: number
  durationMs: number
  facts: RequestFacts
}

/** The part of a route that decides how its requests are reported. */
export type ReportedRoute = {
  path: string
  /** Whether the path is a prefix although it does not end in `/`. */
  isPrefix?: boolean
  /** Whether only this product and its operators send requests here. They are logged at level `debug`. */
  isInternal?: boolean
  /** Reports a finished request in its own way instead of with the usual line of the access log. */
  report?(finished: FinishedRequest): void
}

const requests = counter({
  name: 'moblog_http_requests_total',
  help: 'HTTP requests by route, method and status.',
  labels: ['route', 'method', 'status'],
})
const durations = histogram({
  name: 'moblog_http_request_duration_seconds',
  help: 'Duration of HTTP requests until the response was sent. Uploads, downloads and event streams are included.',
  labels: ['route'],
  buckets: REQUEST_SECONDS,
})
const sent = counter({
  name: 'moblog_http_response_bytes_total',
  help: 'Bytes of HTTP responses, headers included.',
  labels: ['route'],
})

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Runs the answer to a request, which returns the route that it has chosen. */
export type ObserveRequest = (
  request: IncomingMessage,
  response: ServerResponse,
  answer: (choose: (route: ReportedRoute) => void) => Promise<void>,
) => void

/**
 * Creates the function in which a server answers its requests. It gives each request an id, runs it in a scope and, if
 * traces are on, in a span, and reports it when it has ended.
 */
export function createRequestObserver(log: Log): ObserveRequest {
  return (request, response, answer) => {
    const startedAt = performance.now()
    const { socket, headers } = request
    const sentBefore = socket.bytesWritten
    const requestId = requestIdOf(headers['x-request-id'])
    response.setHeader('x-request-id', requestId)
    const method = METHODS.has(request.method ?? '') ? (request.method ?? '') : 'other'
    const { traceparent = null } = headers
    const span = startSpan(method, {
      kind: 'server',
      parent: typeof traceparent === 'string' ? traceparent : null,
      attributes: { 'http.request.method': method, 'moblog.request_id': requestId },
    })
    const scope = createScope(requestId, span)
    let chosen: ReportedRoute | null = null
    response.once('close', () => {
      const route = chosen && templateOf(chosen)
      const { statusCode: status } = response
      const finished: FinishedRequest = {
        ...{ requestId, method, route, status, facts: scope.facts },
        isAborted: !response.writableFinished,
        bytes: socket.bytesWritten - sentBefore,
        durationMs: performance.now() - startedAt,
      }
      count(finished)
      if (chosen?.report) chosen.report(finished)
      else reportRequest(log, finished, chosen?.isInternal === true)
      const { operation } = scope.facts
      if (operation?.type) span?.rename(`${operation.type} ${operation.operation ?? ''}`.trim())
      else if (route) span?.rename(`${method} ${route}`)
      span?.set({ 'http.response.status_code': status, ...(route && { 'http.route': route }) })
      span?.end(status >= 500 ? new Error() : undefined)
    })
    void runInScope(scope, () =>
      answer((route) => {
        chosen = route
      }),
    )
  }
}

// The paths below a prefix hold ids and tokens.
function templateOf(route: ReportedRoute): string {
  return matchesPrefix(route) ? `${route.path}*` : route.path
}

/** Whether a route handles all paths that begin with its path. */
export function matchesPrefix({
  path,
  isPrefix = path.length > 1 && path.endsWith('/'),
}: ReportedRoute): boolean {
  return isPrefix
}

function count({ route, method, status, bytes, durationMs }: FinishedRequest): void {
  const labels = { route: route ?? 'none' }
  requests.add({ ...labels, method, status: `${status}` })
  durations.observe(labels, durationMs / 1000)
  sent.add(labels, bytes)
}

/** Writes the usual line of the access log. */
export function reportRequest(log: Log, finished: FinishedRequest, isInternal: boolean): void {
  const { facts, durationMs, isAborted, ...fields } = finished
  const level = isInternal || fields.method === 'OPTIONS' ? 'debug' : 'info'
  log[level](
    {
      ...fields,
      durationMs: roundedMs(durationMs),
      ...(isAborted && { isAborted }),
      ...(facts.codes && { codes: [...facts.codes] }),
    },
    'request',
  )
}

/** Milliseconds for the log, with one decimal place. */
export function roundedMs(ms: number): number {
  return Math.round(ms * 10) / 10
}
