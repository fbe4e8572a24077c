import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { matchesPrefix, type ReportedRoute } from '../observability/observe-request.ts'

/** Why a route could not answer: a status, and after how many seconds a client may try again. */
export type RouteFailure = { status: number; retryAfterSeconds?: number | undefined }

/** Handles one path, or all paths with one prefix, of a service. */
export type Route = ReportedRoute & {
  /**
   * An exact path, which requests may also write with a `/` at the end; or a prefix that ends in `/`, or has `isPrefix`.
   */
  path: string
  /** Answers the request. Thrown errors are logged and answered with their status, or 500. */
  handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> | void
  /** Answers a request whose `handle` has thrown, before anything was sent. Without it, the answer is JSON. */
  showFailure?(request: IncomingMessage, response: ServerResponse, failure: RouteFailure): Promise<void>
  /**
   * Takes over the connection of a WebSocket handshake, and answers the handshake. Without it, the request is handled
   * like any other.
   */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void
}

/** Returns the first route that matches the path. */
export function findRoute(routes: readonly Route[], pathname: string): Route | undefined {
  return routes.find((route) => {
    const { path } = route
    return matchesPrefix(route) ? pathname.startsWith(path) : pathname === path || pathname === `${path}/`
  })
}
