import type { IncomingMessage } from 'node:http'
import { getOperationAST, OperationTypeNode, parse } from 'graphql'
import { MAX_TOKENS } from '../token-limit.ts'

/** How a stream is sent over HTTP: as an event stream, or in Apollo's multipart protocol. */
export type StreamFormat = 'sse' | 'multipart'

/** Whether the client prefers an event stream to all other formats. */
export function prefersEventStream(request: IncomingMessage): boolean {
  const [first = ''] = rangesOf(request)
  return isEventStream(first)
}

/** Whether the client accepts an event stream. */
export function acceptsEventStream(request: IncomingMessage): boolean {
  return rangesOf(request).some(isEventStream)
}

/** Returns the first format for streams that the client accepts, or null. */
export function streamFormat(request: IncomingMessage): StreamFormat | null {
  const range = rangesOf(request).find((each) => isEventStream(each) || isMultipart(each))
  if (range === undefined) return null
  return isEventStream(range) ? 'sse' : 'multipart'
}

/** The media types that the client accepts, without those that it refuses (RFC 9110 §12.4.2). */
const rangesOf = ({ headers }: IncomingMessage) =>
  (headers.accept ?? '').split(',').filter((range) => !/;\s*q\s*=\s*0(\.0*)?\s*(;|$)/i.test(range))
const isEventStream = (range: string) => /^\s*text\/event-stream\s*(;|$)/i.test(range)
// Without the parameter, it is the format of `@defer`.
const isMultipart = (range: string) =>
  /^\s*multipart\/mixed\s*;(.*;)?\s*subscriptionSpec\s*=\s*"?1\.0"?\s*(;|$)/i.test(range)

/**
 * Whether a request asks for a stream: it is a subscription and its client accepts one. The operation decides, because
 * many clients list all formats that they understand with every request, JSON first.
 *
 * @param payload the request's parsed body, or its search parameters
 */
export function asksForStream(
  request: IncomingMessage,
  payload: unknown,
): payload is Record<string, unknown> {
  if (streamFormat(request) === null) return false
  if (typeof payload !== 'object' || payload === null) return false
  const { query, operationName } = payload as { query?: unknown; operationName?: unknown }
  if (typeof query !== 'string' || !query.includes('subscription')) return false
  try {
    const document = parse(query, { maxTokens: MAX_TOKENS, noLocation: true })
    const name = typeof operationName === 'string' ? operationName : undefined
    return getOperationAST(document, name)?.operation === OperationTypeNode.SUBSCRIPTION
  } catch {
    // Validation reports syntax errors later.
    return false
  }
}
