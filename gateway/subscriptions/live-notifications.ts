import { setTimeout as sleep } from 'node:timers/promises'
import DataLoader from 'dataloader'
import { z } from 'zod'
import type { Feed } from '../../platform/feed/feed.ts'
import { askPeer } from '../../platform/subgraph/ask-peer.ts'
import type { SubgraphClient } from '../../platform/subgraph/client.ts'

/**
 * A notification by its id, and its place in the order in which its user's notifications came; without an id only the
 * place from which the reader begins.
 */
export type NotificationEvent = { id: string | null; position: string }

/** Follows users' notifications; see `createLiveNotifications`. */
export type LiveNotifications = {
  /**
   * The notifications of one user as they come, in order, each once. Where no position is given the first thing told is
   * the one from which it goes, so that a reader that breaks off before anything has happened can go on from there too.
   *
   * @param after the position to go on from; null for those from now on
   * @param signal ends it
   */
  follow(userId: string, after: string | null, signal: AbortSignal): AsyncGenerator<NotificationEvent>
  close(): void
}

const FEED_QUERY = /* GraphQL */ `
  query NotificationFeeds($readers: [NotificationReader!]!, $first: Int!) {
    notificationFeeds(readers: $readers, first: $first) {
      events { id position }
      end
    }
  }
`
const feedPage = z.object({
  events: z.array(z.object({ id: z.string(), position: z.string() })),
  end: z.string(),
})
const feedPages = z.object({ notificationFeeds: z.array(feedPage) })
const PAGE = 50
const MAX_READERS = 500
// The feed tells at once; looking this often as well costs little and forgives anything that the feed missed.
const LOOK_ANYWAY_MS = 30_000
const RETRY_MS = 1_000

/**
 * Turns the feed's "there is something new for this user" into the notifications themselves: however often that is
 * said, or missed, a reader goes on from the position that it has reached.
 */
export function createLiveNotifications(communication: SubgraphClient, feed: Feed): LiveNotifications {
  const sleepers = new Map<string, Set<() => void>>()
  const close = feed.listen((userId) => {
    const woken = userId === null ? [...sleepers.values()] : [sleepers.get(userId) ?? []]
    for (const wake of woken.flatMap((set) => [...set])) wake()
  })

  // A post wakes many readers at once: all who look in one turn of the event loop are answered by one question.
  const pages = new DataLoader<{ userId: string; after: string | null }, z.infer<typeof feedPage>>(
    async (readers) => {
      const variables = { readers, first: PAGE }
      return (await askPeer(communication, 'gateway', FEED_QUERY, variables, feedPages)).notificationFeeds
    },
    { cache: false, maxBatchSize: MAX_READERS, batchScheduleFn: setImmediate },
  )

  return {
    close,
    async *follow(userId, after, signal) {
      const bell = createBell(userId, sleepers)
      try {
        let position = after
        while (!signal.aborted) {
          const rung = bell.next()
          // Where communication does not answer for a while, the subscriber waits, as for any notification.
          const page = await pages.load({ userId, after: position }).catch(() => null)
          if (page) {
            if (position === null) yield { id: null, position: page.end }
            yield* page.events
            position = page.end
          }
          if (page?.events.length === PAGE) continue
          await Promise.race([
            rung,
            sleep(page ? LOOK_ANYWAY_MS : RETRY_MS, undefined, { signal }).catch(() => {}),
          ])
        }
      } finally {
        bell.remove()
      }
    },
  }
}

/** A bell that rings for one reader; ringing it twice before the reader looks is ringing it once. */
function createBell(userId: string, sleepers: Map<string, Set<() => void>>) {
  let ring = () => {}
  const wake = () => ring()
  const set = sleepers.get(userId) ?? new Set()
  sleepers.set(userId, set.add(wake))
  return {
    next: () =>
      new Promise<void>((resolve) => {
        ring = resolve
      }),
    remove() {
      set.delete(wake)
      if (set.size === 0) sleepers.delete(userId)
    },
  }
}
