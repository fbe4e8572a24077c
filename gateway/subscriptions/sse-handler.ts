import type { IncomingMessage, ServerResponse } from 'node:http'
import { createHandler, type RequestParams } from 'graphql-sse'
import { readBody } from '../../platform/http/read-body.ts'
import type { Authentication, Session } from '../authentication.ts'
import { type EventStreamOptions, runOperation } from './event-stream.ts'
import { observeStream } from './observe-stream.ts'
import { createPace, type Pace, writeWithin } from './paced-events.ts'
import {
  badRequest,
  farewell,
  isUnauthenticated,
  isUnsafeGet,
  type Refusal,
  reasonIn,
  refuse,
} from './sse-refusals.ts'
import { createStreamLimit, MAX_STREAMS } from './stream-limit.ts'

/** The parsed body of a GraphQL request. */
type Payload = Record<string, unknown>

type Raw = {
  request: IncomingMessage
  session: Session
  signal: AbortSignal
  pace: Pace
  /** Called when the answer is a subscription. */
  subscribed(): void
}

/** Answers event streams; see `createSseHandler`. */
export type SseHandler = {
  /** @param payload the request's parsed body, if it was already read */
  handle(request: IncomingMessage, response: ServerResponse, payload?: Payload): Promise<void>
  /** Ends all streams, so that clients reconnect to another process. */
  close(): void
}

/** The dependencies and options of `createSseHandler`. */
export type SseOptions = EventStreamOptions & {
  authenticate: Authentication
  maxBodyBytes: number
  /**
   * After this time, a client that does not read is disconnected. It continues after its last event when it reconnects.
   */
  readWithinMs?: number
  /** How often the token of an open stream is verified again, because its key may have been removed. */
  checkEveryMs?: number
}

const TOO_MANY = {
  code: 'RATE_LIMITED',
  message: `The limit of ${MAX_STREAMS} streams per user is exceeded, so the oldest stream is closed. Close a stream before you open another.`,
}
const NOT_VALID = {
  code: 'UNAUTHENTICATED',
  message: 'The access token is no longer valid. Refresh the session or sign in again.',
}

/**
 * Answers operations as event streams, in the distinct connections mode of the GraphQL over SSE protocol
 * (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md). Each event has an `id`, so a client that
 * reconnects with `Last-Event-ID` misses nothing.
 */
export function createSseHandler(options: SseOptions): SseHandler {
  const { authenticate, readWithinMs = 30_000, checkEveryMs = 60_000 } = options
  const open = new Set<AbortController>()
  const takeUp = createStreamLimit()
  const handle = createHandler<Raw>({
    authenticate: () => null,
    // Does not use the library's parsing and validation, because the operation runs like any other request.
    onSubscribe: async ({ raw }, { query, operationName, variables, extensions }: RequestParams) => {
      const operation = { query, operationName, variables, extensions }
      const lastEventId = header(raw.request, 'last-event-id')
      const answer = await runOperation(options, operation, raw.session, lastEventId, raw.signal)
      // The library recognizes a result by its `data`, which a result with only errors lacks.
      if (!(Symbol.asyncIterator in answer)) return { data: null, ...answer }
      raw.subscribed()
      observeStream(operation, raw.session.viewer.userId, raw.signal)
      return raw.pace.resultsOf(answer)
    },
    onNext: async (_context, { raw }) => {
      await raw.pace.room()
    },
  })

  /** Ends a subscription when its token becomes invalid, or when it is the oldest of a user who has too many. */
  const watch = (request: IncomingMessage, { viewer }: Session, end: (reason: Refusal) => void) => {
    const leave = viewer.userId === null ? () => {} : takeUp(viewer.userId, () => end(TOO_MANY))
    const check = () =>
      authenticate(request).catch((error) => {
        if (isUnauthenticated(error)) end(NOT_VALID)
      })
    const checking = setInterval(check, checkEveryMs).unref()
    return () => {
      clearInterval(checking)
      leave()
    }
  }

  const answer = async (
    request: IncomingMessage,
    response: ServerResponse,
    closed: AbortController,
    payload: Payload | undefined,
  ) => {
    const session = await authenticate(request)
    if (isUnsafeGet(request)) throw badRequest('A mutation cannot be sent with GET. Send it with POST.')
    const pace = createPace()
    const sent =
      request.method === 'POST' ? (payload ?? (await readBody(request, options.maxBodyBytes))) : null
    let reason: Refusal | null = null
    const [body, init] = await handle({
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      headers: { get: (name) => (name === 'accept' ? 'text/event-stream' : header(request, name)) },
      body: sent,
      raw: {
        ...{ request, session, pace, signal: closed.signal },
        subscribed() {
          const stop = watch(request, session, (given) => {
            reason = given
            closed.abort()
          })
          closed.signal.addEventListener('abort', stop)
        },
      },
      context: undefined,
    })
    if (body === null || typeof body === 'string') {
      throw badRequest(reasonIn(body) ?? init.statusText)
    }
    response.writeHead(init.status, init.headers)
    closed.signal.addEventListener('abort', () => void body.return(undefined))
    for await (const event of body) {
      if (closed.signal.aborted) break
      await writeWithin(response, pace.stamped(event), readWithinMs)
    }
    // A client that has disconnected does not read this either.
    if (reason) setTimeout(() => response.destroy(), readWithinMs).unref()
    response.end(reason ? farewell(reason) : undefined)
  }

  return {
    async handle(request, response, payload) {
      const closed = new AbortController()
      open.add(closed)
      response.once('close', () => {
        open.delete(closed)
        closed.abort()
      })
      await answer(request, response, closed, payload).catch((error) => refuse(response, error))
    },
    close() {
      for (const stream of open) stream.abort()
    },
  }
}

function header(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join(', ') : (value ?? null)
}
