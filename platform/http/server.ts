import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type VisibleError, visibleError } from '../errors.ts'
import { type Log, withoutToken } from '../log.ts'
import { createRequestObserver, type ReportedRoute } from '../observability/observe-request.ts'
import { noteErrorCode } from '../observability/request-scope.ts'
import { createOutageLog, DATABASE_SILENT } from '../outage-log.ts'
import { answerUnknownAddress, type StartPage } from '../pages/unknown-address.ts'
import { continueWhenRead } from './continue-when-read.ts'
import { listen } from './listen.ts'
import { ClientGone, RefusedRequest } from './refused-request.ts'
import { RETRY_UNAVAILABLE_SECONDS, sendGraphqlError, sendJson } from './respond.ts'
import { findRoute, type Route, type RouteFailure } from './routes.ts'
import { defaultMaxConnections, limitSockets } from './socket-limits.ts'
import { endUnreadBody } from './unread-body.ts'

/** A listening HTTP server. */
export type HttpServer = {
  /** The port on which the server listens. */
  port: number
  /** Stops accepting connections, gives current requests `drainMs` to finish, then closes the remaining connections. */
  stop(): Promise<void>
}

/** The settings of an HTTP server. */
export type HttpServerOptions = {
  host: string
  port: number
  routes: readonly Route[]
  /** Where the page leads that browsers get for an unknown address; nowhere if it is not set. */
  startPage?: StartPage | undefined
  /** Resolves when the service can do its work. If it rejects, `/readyz` answers 503. */
  ready: () => Promise<void>
  /** Returns the names of the services that do not answer, which `/readyz` reports. It never rejects. */
  down?: () => Promise<readonly string[]>
  log: Log
  /** How long current requests may take to finish after stopping has begun, in milliseconds. */
  drainMs?: number
  /** The largest number of connections, in total and from one address. */
  maxConnections?: number | undefined
  maxConnectionsPerAddress?: number | undefined
}

// How long a client may take to send the headers of a request, and how often that is checked.
const HEADERS_MS = 15_000
const CHECK_MS = 2_500
// A connection without traffic for this long is closed. No response takes so long to compute, and no upload is
// acknowledged so late.
const SILENCE_MS = 120_000

/** Starts a server with the given routes, and with `/livez` and `/readyz`. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host, port, log, drainMs = 5_000 } = options
  let stopping = false
  const readiness = sharedReadiness(options)
  const routes: Route[] = [
    {
      path: '/livez',
      isInternal: true,
      handle: (_request, response) => sendJson(response, 200, { status: 'ok' }),
    },
    {
      path: '/readyz',
      isInternal: true,
      handle: async (_request, response) => {
        const { status, ...report } = stopping ? { status: 'stopping' } : await readiness()
        sendJson(response, status === 'ready' ? 200 : 503, { status, ...report })
      },
    },
    ...options.routes,
  ]
  const answerRequest = createRequestAnswer(routes, log, options.startPage)
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    if (stopping) response.setHeader('connection', 'close')
    answerRequest(request, response)
  }
  const upgraded = new Set<Duplex>()
  const upgradeOf = (request: IncomingMessage) => (stopping ? undefined : webSocketRoute(routes, request))
  // Other protocols than WebSocket are only offers: the request is answered over HTTP/1.1 (RFC 9110 §7.8).
  const shouldUpgradeCallback = (request: IncomingMessage) => upgradeOf(request) !== undefined
  const server = createServer({ connectionsCheckingInterval: CHECK_MS, shouldUpgradeCallback }, answer)
  server.on('upgrade', (request, socket, head) => {
    upgraded.add(socket)
    socket.once('close', () => upgraded.delete(socket))
    const route = upgradeOf(request)
    if (route?.upgrade) route.upgrade(request, socket, head)
    else socket.destroy()
  })
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    continueWhenRead(request, response)
    answer(request, response)
  })
  // Longer than the keep-alive of any client, so the server never closes a connection that a client is about to use.
  server.keepAliveTimeout = 75_000
  // No limit, because an upload over a slow network may take hours. Route handlers limit what a request may cost.
  server.requestTimeout = 0
  server.headersTimeout = HEADERS_MS
  server.timeout = SILENCE_MS
  const total = options.maxConnections ?? defaultMaxConnections()
  limitSockets(server, { total, perAddress: options.maxConnectionsPerAddress ?? Math.ceil(total / 2) })
  await listen(server, host, port)
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      stopping = true
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      // A keep-alive connection becomes idle only after its last answer is sent, so this checks repeatedly.
      const idle = setInterval(() => server.closeIdleConnections(), 20)
      const cut = setTimeout(() => {
        server.closeAllConnections()
        for (const socket of upgraded) socket.destroy()
      }, drainMs)
      await closed
      clearInterval(idle)
      clearTimeout(cut)
    },
  }
}

/** Creates the function that answers requests with the first route that matches, in a scope of their own. */
export function createRequestAnswer(
  routes: readonly Route[],
  log: Log,
  startPage: StartPage = () => null,
): (request: IncomingMessage, response: ServerResponse) => void {
  const answerFailure = createFailureAnswers(log)
  const observe = createRequestObserver(log)
  return (request, response) =>
    observe(request, response, (choose) =>
      dispatch({ routes, startPage, choose, answerFailure }, request, response),
    )
}

/** Returns the route that takes over the connection of a WebSocket handshake; undefined for all other requests. */
function webSocketRoute(routes: readonly Route[], request: IncomingMessage): Route | undefined {
  if (request.headers.upgrade?.toLowerCase() !== 'websocket' || framingFault(request)) return undefined
  const url = targetOf(request.url ?? '/')
  const route = url ? findRoute(routes, url.pathname) : undefined
  return route?.upgrade ? route : undefined
}

type Dispatching = {
  routes: readonly Route[]
  startPage: StartPage
  choose: (route: ReportedRoute) => void
  answerFailure: ReturnType<typeof createFailureAnswers>
}

async function dispatch(
  { routes, startPage, choose, answerFailure }: Dispatching,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('x-content-type-options', 'nosniff')
  endUnreadBody(request, response)
  const fault = framingFault(request)
  if (fault) return sendJson(response, fault.status, { message: fault.message })
  const url = targetOf(request.url ?? '/')
  if (!url) return sendJson(response, 400, { message: 'The address is malformed. Send a valid path.' })
  const route = findRoute(routes, url.pathname)
  if (route) choose(route)
  try {
    if (route) await route.handle(request, response, url)
    else await answerUnknownAddress(request, response, url, startPage)
  } catch (error) {
    await answerFailure(request, response, { error, route, pathname: url.pathname })
  }
}

/**
 * Reads the request target (RFC 9112 section 3.2); null if it is malformed. A path that begins with `//` or holds dot
 * segments stays as it is or is refused: a proxy with rules for paths would otherwise see another path than this server.
 * Every path begins with a `/`, so an address without one, such as `a://b`, is refused too.
 */
function targetOf(target: string): URL | null {
  const url = target.startsWith('/') ? URL.parse(`http://localhost${target}`) : URL.parse(target)
  const [path = ''] = target.split(/[?#]/, 1)
  return DOT_SEGMENT.test(path) || !url?.pathname.startsWith('/') ? null : url
}

const DOT_SEGMENT = /\/(\.|%2e){1,2}(\/|$)/i

// Refuses framing that two programs on the way could interpret differently.
function framingFault({ headers, rawHeaders }: IncomingMessage): { status: number; message: string } | null {
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host')
  // RFC 9112 §3.2.
  if (hosts.length > 1)
    return { status: 400, message: 'The request has several Host headers. Send exactly one.' }
  const coding = headers['transfer-encoding']
  // RFC 9112 §6.1 recommends 501. 400 says more clearly that the client has to change something.
  if (coding !== undefined && coding.trim().toLowerCase() !== 'chunked') {
    return {
      status: 400,
      message: 'The transfer coding is not supported. Use "chunked", or send a Content-Length.',
    }
  }
  return null
}

/** Creates the function that answers a request whose route has thrown. */
function createFailureAnswers(log: Log) {
  const reportOutage = createOutageLog(log, 'error', DATABASE_SILENT)
  return async (
    request: IncomingMessage,
    response: ServerResponse,
    { error, route, pathname }: { error: unknown; route: Route | undefined; pathname: string },
  ): Promise<void> => {
    const place = { method: request.method, path: withoutToken(pathname) }
    const refusal = error instanceof RefusedRequest ? error : toRefusal(visibleError(error))
    if (error instanceof ClientGone) log.debug(place, 'client closed the connection')
    else if (refusal?.code === 'SERVICE_UNAVAILABLE' && error !== refusal) reportOutage(error)
    else if (!refusal) log.error({ err: error, ...place }, 'request failed')

    if (response.headersSent || error instanceof ClientGone) {
      response.destroy()
      return
    }
    if (route?.showFailure) {
      noteErrorCode(refusal?.code ?? 'INTERNAL_SERVER_ERROR')
      try {
        await route.showFailure(request, response, failureOf(refusal))
      } catch (cause) {
        log.error({ err: cause, ...place }, 'failure could not be shown')
        response.destroy()
      }
    } else if (!refusal) sendJson(response, 500, { message: 'An internal error occurred. Try again later.' })
    else {
      const { status, code, message, headers, retryAfterSeconds } = refusal
      sendGraphqlError(response, status, code, message, headers, retryAfterSeconds)
    }
  }
}

function failureOf(refusal: RefusedRequest | null): RouteFailure {
  const { status = 500, retryAfterSeconds } = refusal ?? {}
  return {
    status,
    retryAfterSeconds: retryAfterSeconds ?? (status === 503 ? RETRY_UNAVAILABLE_SECONDS : undefined),
  }
}

function toRefusal(error: VisibleError | null): RefusedRequest | null {
  if (!error) return null
  if (error.extensions.code === 'SERVICE_UNAVAILABLE')
    return new RefusedRequest(503, 'SERVICE_UNAVAILABLE', error.message)
  return new RefusedRequest(400, 'BAD_REQUEST', error.message)
}

type Readiness = { status: 'ready' | 'not ready'; down?: readonly string[] }

// A database or a file system that has become silent neither answers nor fails.
const READY_MS = 3_000
// Anyone can ask whether a service is ready.
const READY_REUSED_MS = 100

/** Creates the function that finds out whether the service is ready. Requests of the same moment share the answer. */
function sharedReadiness({ ready, down, log }: HttpServerOptions): () => Promise<Readiness> {
  const look = async (): Promise<Readiness> => {
    const report = down && { down: await down() }
    try {
      await inTime(ready())
      return { status: 'ready', ...report }
    } catch (error) {
      log.warn({ err: error, ...report }, 'not ready')
      return { status: 'not ready', ...report }
    } finally {
      setTimeout(() => {
        shared = null
      }, READY_REUSED_MS).unref()
    }
  }
  let shared: Promise<Readiness> | null = null
  return () => {
    shared ??= look()
    return shared
  }
}

async function inTime(ready: Promise<void>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`no answer within ${READY_MS / 1000} s`)), READY_MS)
  await Promise.race([ready, late]).finally(() => clearTimeout(timer))
}
