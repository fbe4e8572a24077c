import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ExecutionResult } from 'graphql'
import { createHandler, type RequestParams } from 'graphql-sse'
import { rateLimited, unauthenticated } from '../../platform/errors.ts'
import { readBody } from '../../platform/http/read-body.ts'
import { RefusedRequest } from '../../platform/http/refused-request.ts'
import type { Session } from '../authentication.ts'
import type { TrustedDocuments } from '../trusted-documents/trusted-documents.ts'
import { createAnswers } from './answers-under-way.ts'
import { runOperation } from './event-stream.ts'
import { endOf, type LiveSessions } from './live-session.ts'
import { observeOperation } from './observe-operation.ts'
import { createPace, writeEvents } from './paced-events.ts'
import { asResult, badRequest, isUnsafeGet, reasonIn } from './refused-streams.ts'
import type { Relay } from './relay.ts'
import { stopOnReturn } from './stop-on-return.ts'
import { type StreamAdapter, type StreamClient, UNBUFFERED } from './stream-adapter.ts'
import { acceptsEventStream } from './stream-format.ts'

type Reservation = ReturnType<typeof createReservation>

/** The dependencies and options of `createSingleConnections`. */
export type SingleConnectionOptions = StreamAdapter & {
  sessions: LiveSessions
  /** How long a reservation waits for its stream to be opened, in milliseconds. */
  reservedMs?: number
  maxReservations?: number
  /** Passes requests to the process that has their stream, which is named in the token. */
  relay?: Relay
}

const TOKEN_HEADER = 'x-graphql-event-stream-token'
const MAX_OPERATIONS = 32
const PROTOCOL = 'graphql-sse, single connection'

/** Whether a request belongs to the single connection mode: it reserves a stream, or names one. */
export function isSingleConnection(request: IncomingMessage): boolean {
  const { method, headers } = request
  if (tokenOf(request) !== null) return true
  return method === 'PUT' && /^(\*\/\*|text\/plain)?$/.test(headers.accept?.trim() ?? '')
}

/**
 * Answers requests of the single connection mode of the GraphQL over SSE protocol: a client reserves an event stream,
 * opens it, and receives the results of all its operations through it.
 *
 * The library keeps reservations forever, so each reservation here has a handler of its own, which is dropped with the
 * reservation. The reservations are in memory. Workers of one machine pass requests to the one that has the reservation;
 * other replicas do not know it.
 */
export function createSingleConnections(options: SingleConnectionOptions) {
  const { sessions, streams, maxBodyBytes, readWithinMs, relay } = options
  const { reservedMs = 30_000, maxReservations = 20_000 } = options
  const reservations = new Map<string, Reservation>()

  const reserve = async (request: IncomingMessage, session: Session) => {
    const { userId } = session.viewer
    if (userId === null) throw unauthenticated('Sign in to reserve an event stream.')
    if (reservations.size >= maxReservations)
      throw rateLimited(
        'Too many event streams are reserved. Try again later, or use a stream per operation.',
        5,
      )
    const closed = new AbortController()
    const live = sessions.open(request, session, closed.signal)
    const token = relay ? `${relay.name}.${randomUUID()}` : randomUUID()
    const reservation = createReservation(options, token, { live, closed: closed.signal }, closed)
    reservations.set(token, reservation)
    // Of a user with too many, the oldest ends. It probably lost its connection without anyone noticing.
    const leave = streams.limitStreams(`reservations ${userId}`, () => closed.abort())
    live.ended.addEventListener('abort', () => {
      // A client whose token has expired opens another stream. One of the operations may have revoked the session, and its
      // client waits for the answer.
      if (endOf(live.ended)?.isExpired === false) void reservation.finish()
      else closed.abort()
    })
    const expiry = setTimeout(() => {
      if (!reservation.isOpen()) closed.abort()
    }, reservedMs).unref()
    closed.signal.addEventListener('abort', () => {
      reservations.delete(token)
      leave()
      clearTimeout(expiry)
    })
    await reservation.ask(request, 'PUT', null)
    return token
  }

  return async (
    request: IncomingMessage,
    response: ServerResponse,
    session: Session,
    closed: AbortSignal,
  ): Promise<void> => {
    const token = tokenOf(request)
    if (token === null) {
      const reserved = await reserve(request, session)
      response.writeHead(201, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
      response.end(reserved)
      return
    }
    const reservation = reservations.get(token)
    const [home = '', id] = token.split('.')
    if (!reservation && relay && id !== undefined && home !== relay.name) {
      if (await relay.pass(home, request, response, closed)) return
    }
    // A token of another user looks like one that does not exist.
    if (!reservation || reservation.userId !== session.viewer.userId) {
      throw new RefusedRequest(404, 'BAD_REQUEST', 'The event stream does not exist. Reserve another one.')
    }
    const end = endOf(reservation.ended)
    if (end) throw unauthenticated(end.message)
    if (isUnsafeGet(request)) throw badRequest('A mutation cannot be sent with GET. Send it with POST.')
    const sent =
      request.method === 'POST' ? withText(streams.admit, await readBody(request, maxBodyBytes)) : null
    const { body, init, pace } = await reservation.ask(request, request.method ?? 'GET', sent)
    if (body !== null && typeof body !== 'string') {
      response.writeHead(init.status, { ...init.headers, ...UNBUFFERED })
      if (closed.aborted) reservation.close()
      closed.addEventListener('abort', reservation.close)
      return writeEvents(response, body, { pace, signal: reservation.closed, withinMs: readWithinMs })
    }
    if (init.status >= 400)
      throw new RefusedRequest(init.status, 'BAD_REQUEST', reasonIn(body) ?? init.statusText)
    response.writeHead(init.status, init.headers).end(body)
  }
}

/** Returns a request's body with the text of its operation, which the library needs. It refuses what is not JSON. */
function withText(admit: TrustedDocuments['admit'], body: string): string {
  let payload: unknown
  try {
    payload = JSON.parse(body)
  } catch {
    return body
  }
  const admitted = admit(payload)
  return admitted === payload ? body : JSON.stringify(admitted)
}

function createReservation(
  { streams, report }: StreamAdapter,
  token: string,
  client: StreamClient,
  closing: AbortController,
) {
  const pace = createPace(false)
  const active = new Set<object>()
  const answers = createAnswers(client.closed)
  const opening = Promise.withResolvers<void>()
  client.closed.addEventListener('abort', () => {
    opening.resolve()
    pace.end()
  })
  let events: AsyncGenerator<string, void, undefined> | null = null

  /** Executes an operation when its results can be sent: results that wait for their client are large, and would pile up. */
  const resultsOf = (operation: object, params: RequestParams): AsyncGenerator<ExecutionResult> => {
    let isStopped = false
    let stop = () => {}
    const run = async function* (): AsyncGenerator<ExecutionResult> {
      await answers.begin(operation)
      await opening.promise
      await pace.untilSent()
      if (client.closed.aborted || isStopped) return
      // The library does not forget an operation whose handler throws.
      const answer = await observeOperation(report, PROTOCOL, () =>
        runOperation(streams, params, client.live, null, client.closed).catch(asResult),
      )
      if (!(Symbol.asyncIterator in answer)) {
        yield answer
        return
      }
      answers.end(operation)
      const results = pace.resultsOf(answer)
      stop = () => void results.return(undefined)
      if (isStopped) stop()
      yield* results
    }
    return stopOnReturn(run(), () => {
      isStopped = true
      stop()
    })
  }

  const handle = createHandler<object>({
    authenticate: () => token,
    onSubscribe: async ({ raw }, params: RequestParams) => {
      active.add(raw)
      return resultsOf(raw, params)
    },
    onNext: () => pace.room(),
    onComplete(_context, { raw }) {
      active.delete(raw)
      answers.end(raw)
    },
  })
  return {
    userId: client.live.session.viewer.userId,
    closed: client.closed,
    ended: client.live.ended,
    close: () => closing.abort(),
    isOpen: () => events !== null,
    /** Ends the stream when the operations that had begun are answered, and these answers are written. */
    async finish(): Promise<void> {
      await answers.sent()
      if (events === null) closing.abort()
      else await events.return(undefined)
    },
    /** Passes a request to the library. */
    async ask(request: IncomingMessage, method: string, body: string | null) {
      const opens = method !== 'PUT' && method !== 'DELETE' && acceptsEventStream(request)
      if (method === 'POST' && !opens && active.size >= MAX_OPERATIONS)
        throw rateLimited(
          `The limit of ${MAX_OPERATIONS} operations per stream is reached. End one of them.`,
          5,
        )
      const raw = {}
      const headers = { accept: opens ? 'text/event-stream' : '*/*', 'content-type': 'application/json' }
      const named: Record<string, string | undefined> =
        body === null ? headers : { ...headers, 'content-type': request.headers['content-type'] }
      const get = (name: string) => named[name]
      let isRunning = false
      try {
        const [answer, init] = await handle({
          ...{ method, url: request.url ?? '/', headers: { get }, body, raw, context: undefined },
        })
        isRunning = init.status === 202
        if (opens && init.status === 200 && answer !== null && typeof answer !== 'string') {
          events = answer
          opening.resolve()
        }
        return { body: answer, init, pace }
      } finally {
        if (!isRunning) {
          active.delete(raw)
          answers.end(raw)
        }
      }
    },
  }
}

/** Returns the token of a reserved stream: from a header, or for clients without headers from the address. */
function tokenOf({ headers, url = '/' }: IncomingMessage): string | null {
  const given = headers[TOKEN_HEADER]
  if (typeof given === 'string' && given !== '') return given
  return new URL(url, 'http://localhost').searchParams.get('token')
}
