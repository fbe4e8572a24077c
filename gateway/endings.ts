import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Feed } from '../platform/feed/feed.ts'
import type { Log } from '../platform/log.ts'
import { askPeer } from '../platform/subgraph/ask-peer.ts'
import type { SubgraphClient } from '../platform/subgraph/client.ts'

/** The sessions and users that have ended while access tokens of theirs may still be about; see `followEndings`. */
export type Endings = {
  /** Whether it is known what has ended, after waiting a little for it where the gateway has just started. */
  isKnown(): Promise<boolean>
  has(id: string): boolean
  /** A signal that is given when one of these ends, for as long as `during` is not. */
  whenEnded(ids: readonly string[], during: AbortSignal): AbortSignal
  close(): Promise<void>
}

const QUERY = /* GraphQL */ `
  query Endings($since: DateTime) {
    page: endings(since: $since) { endings { id until } asOf }
  }
`
// Through a network an instant is a string; in one process it may still be a Date.
const instant = z.coerce.date()
const answer = z.object({
  page: z.object({ endings: z.array(z.object({ id: z.string(), until: instant })), asOf: instant }),
})
const TOPIC = 'endings'
// The feed tells at once; looking as often as this as well bounds how long a token works whose session has ended.
const LOOK_ANYWAY_MS = 1_000
// The first look is under way when the first request comes.
const KNOWN_WITHIN_MS = 2_000
// Until the first look succeeds nobody is let in, so look more often.
const LOOK_AGAIN_MS = 100

/**
 * Keeps up with what ends. Access tokens are checked by their signature alone; this small set is what stands between an
 * ended session and the rest of its token's minutes.
 */
export function followEndings(communication: SubgraphClient, feed: Feed, log: Log): Endings {
  const ended = new Map<string, number>()
  const listeners = new Set<(id: string) => void>()
  const stopped = new AbortController()
  let since: Date | null = null
  const known = Promise.withResolvers<boolean>()
  let wake = () => {}
  const stopListening = feed.listen((topic) => {
    if (topic === null || topic === TOPIC) wake()
  })

  const look = async () => {
    const { page } = await askPeer(communication, 'gateway', QUERY, { since }, answer)
    for (const { id, until } of page.endings) {
      if (ended.has(id)) continue
      ended.set(id, until.getTime())
      for (const listener of [...listeners]) listener(id)
    }
    since = page.asOf
    known.resolve(true)
    for (const [id, until] of ended) if (until < Date.now()) ended.delete(id)
  }
  const follow = async () => {
    while (!stopped.signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve
      })
      await look().catch((error) => log.debug({ err: error }, 'communication does not tell what has ended'))
      await Promise.race([
        woken,
        sleep(since ? LOOK_ANYWAY_MS : LOOK_AGAIN_MS, undefined, { signal: stopped.signal }).catch(() => {}),
      ])
    }
  }
  const following = follow()

  return {
    isKnown: () =>
      since ? known.promise : Promise.race([known.promise, sleep(KNOWN_WITHIN_MS, false, { ref: false })]),
    has: (id) => ended.has(id),
    whenEnded(ids, during) {
      const over = new AbortController()
      const listener = (id: string) => {
        if (ids.includes(id)) over.abort()
      }
      listeners.add(listener)
      during.addEventListener('abort', () => listeners.delete(listener), { once: true })
      return over.signal
    },
    async close() {
      stopListening()
      stopped.abort()
      await following
    },
  }
}
