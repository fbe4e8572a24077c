import type { IncomingMessage, ServerResponse } from 'node:http'
import { createHandler, type RequestParams } from 'graphql-sse'
import { readBody } from '../../platform/http/read-body.ts'
import type { Authentication, Session } from '../authentication.ts'
import { type EventStreamOptions, runOperation } from './event-stream.ts'
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
  /** Is told that the answer is a subscription. */
  subscribed(): void
}

/** Answers event streams; see `createSseHandler`. */
export type SseHandler = {
  /** @param payload the request's parsed body, where it has been read already */
  handle(request: IncomingMessage, response: ServerResponse, payload?: Payload): Promise<void>
  /** Ends all streams, so that their clients connect elsewhere. */
  close(): void
}

/** What answering event streams needs. */
export type SseOptions = EventStreamOptions & {
  authenticate: Authentication
  maxBodyBytes: number
  /** A client that does not read for so long is cut off; it goes on from its last event when it is back. */
  readWithinMs?: number
  /** How often it is looked again whether the token of a stream is good, since its key may have been dropped. */
  checkEveryMs?: number
}

const TOO_MANY = {
  code: 'RATE_LIMITED',
  message: `This user has opened ${MAX_STREAMS} other streams since; this one is over.`,
}
const NOT_VALID = { code: 'UNAUTHENTICATED', message: 'The session token is not valid any more.' }

/**
 * Answers operations as event streams, as the GraphQL over SSE protocol's distinct connections mode has it
 * (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md), with an `id` on each event so that a client
 * that reconnects with `Last-Event-ID` misses nothing.
 */
export function createSseHandler(options: SseOptions): SseHandler {
  const { authenticate, readWithinMs = 30_000, checkEveryMs = 60_000 } = options
  const open = new Set<AbortController>()
  const takeUp = createStreamLimit()
  const handle = createHandler<Raw>({
    authenticate: () => null,
    // The protocol's own parsing and validation are not used: the operation is run as for any other request.
    onSubscribe: async ({ raw }, { query, operationName, variables }: RequestParams) => {
      const operation = { query, operationName, variables }
      const lastEventId = header(raw.request, 'last-event-id')
      const answer = await runOperation(options, operation, raw.session, lastEventId, raw.signal)
      // The library knows a result by its `data`, which one with nothing but errors does not have.
      if (!(Symbol.asyncIterator in answer)) return { data: null, ...answer }
      raw.subscribed()
      return raw.pace.resultsOf(answer)
    },
    onNext: async (_context, { raw }) => {
      await raw.pace.room()
    },
  })

  /** Ends a subscription whose token is not good any more, and the oldest of a user who has many. */
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
    if (isUnsafeGet(request)) throw badRequest('A mutation has to be sent by POST.')
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
    // Whose other end is gone does not take this either.
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
