import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Log } from '../../platform/log.ts'
import type { Authentication } from '../authentication.ts'
import type { EventStreamOptions } from './event-stream.ts'
import { createLiveSessions, type LiveSessionOptions } from './live-session.ts'
import { createMultipartHandler } from './multipart-handler.ts'
import type { ReportOperation } from './observe-operation.ts'
import { refuse } from './refused-streams.ts'
import type { Relay } from './relay.ts'
import { createSingleConnections, isSingleConnection } from './single-connection.ts'
import { createSseHandler } from './sse-handler.ts'
import { asksForStream, streamFormat } from './stream-format.ts'
import { createStreamLimit, type StreamLimit } from './stream-limit.ts'
import { createWebSockets, type SocketLimits } from './web-sockets.ts'

/** Answers clients with streams, in all supported protocols; see `createStreams`. */
export type Streams = {
  /** Authenticates a request. It also prolongs open streams of the session if the token is newer than theirs. */
  authenticate: Authentication
  /**
   * Whether a request is a subscription whose client accepts a stream.
   *
   * @param payload the request's parsed body, or its search parameters
   */
  takesOperation(request: IncomingMessage, payload: unknown): payload is Record<string, unknown>
  /** @param payload the request's parsed body, if it was already read */
  handle(request: IncomingMessage, response: ServerResponse, payload?: Record<string, unknown>): Promise<void>
  /** Takes over the connection of a WebSocket handshake. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Ends all streams, so that clients reconnect to another process. */
  close(): void
}

/** The dependencies and options of `createStreams`. */
export type StreamsOptions = Omit<EventStreamOptions, 'limitStreams'> &
  LiveSessionOptions & {
    maxBodyBytes: number
    /** Reports the operations of connections that carry several. */
    report: ReportOperation
    /** Limits the streams per user; by default the streams of this process. */
    limitStreams?: StreamLimit
    /** The number of proxies in front of the gateway. */
    trustedProxies: number
    log: Log
    /**
     * After this time, a client that does not read is disconnected. It continues after its last event when it
     * reconnects.
     */
    readWithinMs?: number
    /** How long a single connection may be reserved before it is opened, in milliseconds. */
    reservedMs?: number
    /** How many single connections may be reserved at the same time. */
    maxReservations?: number
    /** Passes requests of single connections to the process that has their stream. */
    relay?: Relay
    /** How often a stream without events sends something, in milliseconds. */
    heartbeatMs?: number
    sockets?: Partial<SocketLimits>
  }

/**
 * Answers operations with streams. What a stream is, is the same for all clients: `event-stream.ts` runs it,
 * `live-session.ts` observes its session, `stream-limit.ts` bounds it. Each protocol is an adapter that only translates.
 */
export function createStreams(options: StreamsOptions): Streams {
  const { maxBodyBytes, readWithinMs = 30_000, reservedMs, heartbeatMs, maxReservations, relay } = options
  const sessions = createLiveSessions(options)
  const adapter = {
    streams: { ...options, limitStreams: options.limitStreams ?? createStreamLimit() },
    report: options.report,
    maxBodyBytes,
    readWithinMs,
    ...(heartbeatMs && { heartbeatMs }),
  }
  const single = createSingleConnections({
    ...{ ...adapter, sessions },
    ...(reservedMs && { reservedMs }),
    ...(maxReservations && { maxReservations }),
    ...(relay && { relay }),
  })
  const formats = { sse: createSseHandler(adapter), multipart: createMultipartHandler(adapter) }
  const sockets = createWebSockets({ ...adapter, ...options, sessions, readWithinMs })
  const open = new Set<AbortController>()

  const answer = async (
    request: IncomingMessage,
    response: ServerResponse,
    closed: AbortSignal,
    payload: Record<string, unknown> | undefined,
  ) => {
    const session = await sessions.authenticate(request)
    options.operationLimit.admit(session.viewer)
    if (isSingleConnection(request)) return single(request, response, session, closed)
    const live = sessions.open(request, session, closed)
    await formats[streamFormat(request) ?? 'sse'](request, response, { live, closed }, payload)
  }

  return {
    authenticate: sessions.authenticate,
    takesOperation: asksForStream,
    async handle(request, response, payload) {
      const closed = new AbortController()
      open.add(closed)
      response.once('close', () => {
        open.delete(closed)
        closed.abort()
      })
      await answer(request, response, closed.signal, payload).catch((error) => refuse(response, error))
    },
    upgrade: sockets.upgrade,
    close() {
      for (const stream of open) stream.abort()
      sockets.close()
    },
  }
}
