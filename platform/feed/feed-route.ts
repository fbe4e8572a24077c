import { bearerToken, sendJson } from '../http/respond.ts'
import type { Route } from '../http/routes.ts'
import { readCallers } from '../identity/assertion.ts'
import type { Verifier } from '../tokens/verifier.ts'
import type { Feed } from './feed.ts'

/** Where a service's feed is read. */
export const FEED_PATH = '/feed'

// Shows both sides that the connection is alive; the reader gives up after three that did not come.
export const HEARTBEAT_MS = 5_000

/** Lets another service follow a feed over HTTP: one JSON value a line, a topic or null; empty lines are heartbeats. */
export function feedRoute(options: {
  feed: Feed
  verifier: Verifier
  /** The service whose feed it is. */
  name: string
  /** The services that may follow it. */
  services: readonly string[]
}): Route {
  const { feed, verifier, name, services } = options
  return {
    path: FEED_PATH,
    async handle(request, response) {
      const token = bearerToken(request) ?? ''
      const [caller] = await readCallers(verifier, token, name, services).catch(() => [])
      if (caller?.kind !== 'service') return sendJson(response, 401, { message: 'Only services may follow.' })
      response.writeHead(200, { 'content-type': 'application/x-ndjson' })
      response.write('null\n')
      const stop = feed.listen((topic) => {
        // A reader that does not read is cut off; on its return it is told that it may have missed something.
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
