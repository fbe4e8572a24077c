import type { IncomingMessage, ServerResponse } from 'node:http'

/** One part of a service's HTTP surface. */
export type Route = {
  /** The path itself, which one `/` may follow in a request; or a prefix of it that ends in `/`. */
  path: string
  /** Answers the request; what it throws is logged and answered with 500. */
  handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> | void
}

/** The first route that the path belongs to. */
export function findRoute(routes: readonly Route[], pathname: string): Route | undefined {
  return routes.find(({ path }) => {
    const isPrefix = path.length > 1 && path.endsWith('/')
    return isPrefix ? pathname.startsWith(path) : pathname === path || pathname === `${path}/`
  })
}
