import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import {
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  GraphQLSchema,
  parse,
} from 'graphql'
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws'
import { type WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import { createAttachment } from '../../platform/attachment.ts'
import { rateLimited, unauthenticated } from '../../platform/errors.ts'
import { clientAddress } from '../../platform/http/client-address.ts'
import { networkOf } from '../../platform/http/network-of.ts'
import type { Log } from '../../platform/log.ts'
import { requestIdOf } from '../../platform/observability/request-id.ts'
import { createScope, currentScope, runInScope } from '../../platform/observability/request-scope.ts'
import { type AnswersUnderWay, createAnswers } from './answers-under-way.ts'
import { type Answer, runOperation } from './event-stream.ts'
import {
  endOf,
  isUnauthenticated,
  type LiveSession,
  type LiveSessions,
  withAuthorization,
} from './live-session.ts'
import { observeOperation } from './observe-operation.ts'
import { asResult } from './refused-streams.ts'
import { stopOnReturn } from './stop-on-return.ts'
import { HEARTBEAT_MS, type StreamAdapter } from './stream-adapter.ts'
import { closeSocket, createSender, holdInBudget, keepAlive } from './web-socket.ts'

/** The limits of WebSocket connections. */
export type SocketLimits = {
  /** The largest number of sockets from one network address. Of one user, the newest 16 stay. */
  perAddress: number
  /** How long a client may take to send `connection_init`, in milliseconds. */
  initWithinMs: number
}

/** The dependencies and options of `createWebSockets`. */
export type WebSocketOptions = StreamAdapter & {
  sessions: LiveSessions
  trustedProxies: number
  log: Log
  sockets?: Partial<SocketLimits>
}

type Result = { [Field in keyof ExecutionResult]: ExecutionResult[Field] | undefined }

type Client = {
  request: IncomingMessage
  /** Aborts when the socket is closed. */
  closed: AbortSignal
  close(code: number, reason: string): void
  answers: AnswersUnderWay
  live?: LiveSession
}

const LIMITS: SocketLimits = { perAddress: 1_000, initWithinMs: 10_000 }
const MAX_OPERATIONS = 64
const PROTOCOL = 'graphql-transport-ws'
const TRY_AGAIN_LATER = 1013
const GOING_AWAY = 1001
const TOO_MANY = CloseCode.TooManyInitialisationRequests
// The library asks for an operation that it could run itself. The result is already there.
const PLACEHOLDER = { schema: new GraphQLSchema({}), document: parse('{ __typename }') }

/**
 * Answers operations over WebSockets, in the protocol `graphql-transport-ws`
 * (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md).
 */
export function createWebSockets(options: WebSocketOptions) {
  const { sessions, streams, report, trustedProxies, maxBodyBytes, heartbeatMs = HEARTBEAT_MS, log } = options
  const { perAddress, initWithinMs } = { ...LIMITS, ...options.sockets }
  const open = new Set<WebSocket>()
  const perNetwork = new Map<string, number>()
  const answers = createAttachment<ExecutionArgs, Answer>('answer')
  const server = new WebSocketServer({
    ...{ noServer: true, clientTracking: false, perMessageDeflate: false, maxPayload: maxBodyBytes },
    handleProtocols,
  })

  const protocol = makeServer<Record<string, unknown>, Client>({
    connectionInitWaitTimeout: initWithinMs,
    async onConnect({ connectionParams, extra: client }) {
      const sent = credentials.safeParse(connectionParams ?? {})
      if (!sent.success) {
        client.close(CloseCode.Forbidden, 'The authorization is not text')
        return false
      }
      const { authorization = sent.data.Authorization ?? client.request.headers.authorization } = sent.data
      const request = withAuthorization(client.request, authorization)
      const session = await sessions.authenticate(request).catch((error) => {
        if (!(error instanceof GraphQLError)) throw error
        client.close(isUnauthenticated(error) ? CloseCode.Forbidden : TRY_AGAIN_LATER, error.message)
      })
      if (!session || client.closed.aborted) return false
      const live = sessions.open(request, session, client.closed)
      live.ended.addEventListener('abort', () => {
        const end = endOf(live.ended)
        if (!end) return
        // Clients connect again after 4403, then with a new token, but give up after 4401.
        if (end.isExpired) return client.close(CloseCode.Forbidden, end.message)
        // One of the operations may have ended the session, and its client waits for the answer.
        void client.answers.sent().then(() => client.close(CloseCode.Unauthorized, end.message))
      })
      const { userId } = session.viewer
      if (userId !== null) {
        const leave = streams.limitStreams(`sockets ${userId}`, () =>
          client.close(TOO_MANY, 'Too many connections of this user'),
        )
        client.closed.addEventListener('abort', leave)
      }
      client.live = live
      return true
    },
    async onSubscribe({ subscriptions, extra: { live, closed, answers: own } }, _id, payload) {
      if (!live) throw new Error('an operation arrived before the connection was acknowledged')
      const message = currentScope()
      const start = async () => {
        if (Object.keys(subscriptions).length > MAX_OPERATIONS)
          throw rateLimited(`The limit of ${MAX_OPERATIONS} operations per socket is reached. End one.`, 5)
        if (message) await own.begin(message)
        const end = endOf(live.ended)
        if (end) throw unauthenticated(end.message)
        return runOperation(streams, payload, live, null, closed)
      }
      const run = () => start().catch(asResult)
      const answer = await observeOperation(report, PROTOCOL, run)
      if (message && Symbol.asyncIterator in answer) own.end(message)
      const errors = errorsIn(answer)
      if (errors.length > 0) return errors
      const placeholder = { ...PLACEHOLDER }
      answers.set(placeholder, answer)
      return placeholder
    },
    execute(args) {
      const answer = answers.get(args)
      if (!answer) throw new Error('an operation has no answer')
      return Symbol.asyncIterator in answer ? resultsOf(answer) : answer
    },
    onNext: (_context, _id, _payload, _args, result) => formatted(result),
  })

  const count = (network: string, change: number) => {
    const left = (perNetwork.get(network) ?? 0) + change
    if (left > 0) perNetwork.set(network, left)
    else perNetwork.delete(network)
  }

  const accept = (socket: WebSocket, connection: Duplex, request: IncomingMessage) => {
    const network = networkOf(clientAddress(request, trustedProxies) ?? '')
    // A violation of the protocol, such as a message that is too large. The library closes the socket.
    socket.on('error', (error) => log.debug({ err: error }, 'WebSocket failed'))
    if ((perNetwork.get(network) ?? 0) >= perAddress)
      return closeSocket(socket, TOO_MANY, 'Too many connections from this address')
    open.add(socket)
    count(network, 1)
    keepAlive(socket, { everyMs: heartbeatMs, withinMs: options.readWithinMs })
    holdInBudget(socket, connection, network)
    const closed = new AbortController()
    const close = (code: number, reason: string) => closeSocket(socket, code, reason)
    const ofClient = createAnswers(closed.signal)
    const receive = (handle: (message: string) => Promise<void>) => {
      socket.on('message', (data) => {
        // Each message is a request with an id of its own.
        const scope = createScope(requestIdOf(undefined))
        runInScope(scope, () => handle(String(data)))
          .catch((error) => {
            if (isUnexpectedMessage(error)) return close(CloseCode.BadRequest, 'Unexpected message')
            log.error({ err: error }, 'WebSocket message failed')
            close(CloseCode.InternalServerError, 'An internal error occurred. Try again later.')
          })
          .finally(() => ofClient.end(scope))
      })
    }
    const over = protocol.opened(
      { protocol: socket.protocol, send: createSender(socket), close, onMessage: receive },
      { request, closed: closed.signal, close, answers: ofClient },
    )
    socket.once('close', (code, reason) => {
      open.delete(socket)
      count(network, -1)
      closed.abort()
      over(code, String(reason)).catch((error) => log.error({ err: error }, 'closing a WebSocket failed'))
    })
  }

  return {
    upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
      server.handleUpgrade(request, connection, head, (socket) => accept(socket, connection, request))
    },
    close(): void {
      for (const socket of open) closeSocket(socket, GOING_AWAY, 'The server is stopping')
    },
  }
}

/** Yields the results, and throws the error that ends the stream, which the library sends as a message of its own. */
function resultsOf(answer: Exclude<Answer, ExecutionResult>): AsyncGenerator<ExecutionResult> {
  const pass = async function* () {
    for await (const { result, position } of answer) {
      const [error] = position === null ? (result?.errors ?? []) : []
      if (error) throw asError(error)
      if (result) yield result
    }
  }
  return stopOnReturn(pass(), () => void answer.return(undefined))
}

/** Returns the errors of an operation that was not executed. */
function errorsIn(answer: Answer): GraphQLError[] {
  if (Symbol.asyncIterator in answer || answer.data !== undefined) return []
  return (answer.errors ?? []).map(asError)
}

/** An error that is already JSON. */
class FormattedError extends GraphQLError {
  readonly #formatted: ReturnType<GraphQLError['toJSON']>
  constructor(formatted: ReturnType<GraphQLError['toJSON']>) {
    super(formatted.message, { extensions: { ...formatted.extensions } })
    this.#formatted = formatted
  }
  override toJSON() {
    return this.#formatted
  }
}

// The library would convert all errors, but those of a query are already JSON.
function formatted({ data, errors, extensions }: Result): FormattedExecutionResult {
  return {
    ...(errors && { errors: errors.map((error) => asError(error).toJSON()) }),
    ...(data !== undefined && { data }),
    ...(extensions && { extensions }),
  }
}

const asError = (error: GraphQLError) => (error instanceof GraphQLError ? error : new FormattedError(error))

const credentials = z.object({ authorization: z.string().optional(), Authorization: z.string().optional() })

/** Whether a client has sent a message that only a server may send. */
function isUnexpectedMessage(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Unexpected message of type')
}
