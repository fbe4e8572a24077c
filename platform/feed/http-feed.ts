import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'undici'
import { signCaller } from '../identity/assertion.ts'
import type { Log } from '../log.ts'
import type { Keyring } from '../tokens/keyring.ts'
import { createFeed, type Feed } from './feed.ts'
import { FEED_PATH, HEARTBEAT_MS } from './feed-route.ts'

const RECONNECT_MS = 500

/**
 * Follows the feed of a service in another process, and reconnects until it is closed. After each connection, listeners
 * get null because they may have missed something.
 */
export function httpFeed(options: { name: string; url: string; keyring: Keyring; log: Log }): Feed & {
  close(): Promise<void>
} {
  const { name, url, keyring, log } = options
  const feed = createFeed()
  const stopped = new AbortController()

  const follow = async () => {
    const token = await signCaller(keyring, { kind: 'service', service: keyring.issuer }, name)
    const { statusCode, body } = await request(`${url}${FEED_PATH}`, {
      headers: { authorization: `Bearer ${token}` },
      bodyTimeout: 3 * HEARTBEAT_MS,
      headersTimeout: 3 * HEARTBEAT_MS,
      signal: stopped.signal,
    })
    if (statusCode !== 200) throw new Error(`status ${statusCode}`)
    for await (const line of createInterface({ input: body })) {
      if (line !== '') feed.announce(readTopic(line))
    }
  }

  const run = async () => {
    while (!stopped.signal.aborted) {
      await follow().catch((error) => {
        if (!stopped.signal.aborted)
          log.debug({ err: error, service: name }, 'feed connection lost; reconnecting')
      })
      await sleep(RECONNECT_MS, undefined, { signal: stopped.signal }).catch(() => {})
    }
  }
  const running = run()
  return {
    listen: feed.listen,
    async close() {
      stopped.abort()
      await running
    },
  }
}

function readTopic(line: string): string | null {
  const topic: unknown = JSON.parse(line)
  return typeof topic === 'string' ? topic : null
}
