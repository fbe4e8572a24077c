import type { IncomingMessage } from 'node:http'
import { getOperationAST, OperationTypeNode, parse } from 'graphql'
import { MAX_TOKENS } from '../token-limit.ts'

const EVENT_STREAM = /(^|,)\s*text\/event-stream\s*(;|,|$)/i

/** Whether the client prefers an event stream to all other formats. */
export function prefersEventStream(request: IncomingMessage): boolean {
  return /^\s*text\/event-stream\b/i.test(request.headers.accept ?? '')
}

/**
 * Whether a request asks for events: it is a subscription and its client accepts an event stream. The operation
 * decides, because many clients list all formats that they understand with every request, JSON first.
 *
 * @param payload the request's parsed body, or its search parameters
 */
export function asksForEvents(
  request: IncomingMessage,
  payload: unknown,
): payload is Record<string, unknown> {
  if (!EVENT_STREAM.test(request.headers.accept ?? '')) return false
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
