import { bearerToken, sendJson } from '../http/respond.ts'
import type { Route } from '../http/routes.ts'
import { readCallers } from '../identity/assertion.ts'
import type { Verifier } from '../tokens/verifier.ts'
import type { Feed } from './feed.ts'

/** The path of a service's feed. */
export const FEED_PATH = '/feed'

// Shows both sides that the connection is alive. The reader gives up when three heartbeats are missing.
export const HEARTBEAT_MS = 5_000

/**
 * Lets other services follow a feed over HTTP. Each line is one JSON value, a topic or null; empty lines are
 * heartbeats.
 */
export function feedRoute(options: {
  feed: Feed
  verifier: Verifier
  /** The service that owns the feed. */
  name: string
  /** The services that may follow the feed. */
  services: readonly string[]
}): Route {
  const { feed, verifier, name, services } = options
  return {
    path: FEED_PATH,
    isInternal: true,
    async handle(request, response) {
      const token = bearerToken(request) ?? ''
      const [caller] = await readCallers(verifier, token, name, services).catch(() => [])
      if (caller?.kind !== 'service')
        return sendJson(response, 401, {
          message: 'The assertion is missing or invalid. Only services may follow the feed.',
        })
      response.writeHead(200, { 'content-type': 'application/x-ndjson' })
      response.write('null\n')
      const stop = feed.listen((topic) => {
        // Disconnects a reader that does not read. When it reconnects, it gets null because it may have missed
        // something.
        if (response.writableLength > 1_048_576) response.destroy()
        else response.write(`${JSON.stringify(topic)}\n`)
      })
      const heartbeat = setInterval(() => response.write('\n'), HEARTBEAT_MS)
      response.once('close', () => {
        clearInterval(heartbeat)
        stop()
      })
    },
  }
}
