import { setTimeout as sleep } from 'node:timers/promises'
import DataLoader from 'dataloader'
import type { NotificationFeedsQuery } from '../../generated/graphql/internal/gateway-to-communication.ts'
import type { Feed } from '../../platform/feed/feed.ts'
import { callPeer, type PeerClient } from '../../platform/subgraph/peer.ts'
import { communicationOperation } from '../internal-operations/communication.ts'

/**
 * A notification's id, and its position in the order of its user's notifications. If the id is null, the event holds
 * only the position at which the reader starts.
 */
export type NotificationEvent = { id: string | null; position: string }

/** Follows users' notifications; see `createLiveNotifications`. */
export type LiveNotifications = {
  /**
   * Yields the notifications of one user in order, each once, as they are created. If no position is given, or one that
   * the inbox does not have, the first event holds the start position. A reader that disconnects before the first
   * notification can then continue there.
   *
   * @param after the position to continue from; null starts with the next notification
   * @param signal ends the generator
   */
  follow(userId: string, after: string | null, signal: AbortSignal): AsyncGenerator<NotificationEvent>
  close(): void
}

type FeedPage = NotificationFeedsQuery['notificationFeeds'][number]

const PAGE = 50
const MAX_READERS = 500
// The feed reports changes immediately. This poll is rare, so it costs little and catches what the feed missed.
const LOOK_ANYWAY_MS = 30_000
const RETRY_MS = 1_000

/**
 * Turns the feed's "there is something new for this user" into the notifications themselves. A reader continues from
 * the position that it has reached, so repeated or missed feed messages do no harm.
 */
export function createLiveNotifications(communication: PeerClient, feed: Feed): LiveNotifications {
  const sleepers = new Map<string, Set<() => void>>()
  const close = feed.listen((userId) => {
    const woken = userId === null ? [...sleepers.values()] : [sleepers.get(userId) ?? []]
    for (const wake of woken.flatMap((set) => [...set])) wake()
  })

  // A post wakes many readers at once. All readers that poll in the same turn of the event loop share one request.
  const pages = new DataLoader<{ userId: string; after: string | null }, FeedPage>(
    async (readers) => {
      const operation = communicationOperation('notification-feeds')
      return (await callPeer(communication, operation, { readers, first: PAGE })).notificationFeeds
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
          // If communication does not answer for a while, the subscriber waits, as it does for any notification.
          const page = await pages.load({ userId, after: position }).catch(() => null)
          if (page) {
            // The inbox may not have the position that was given.
            if (position === null || (page.events.length === 0 && page.end !== position))
              yield { id: null, position: page.end }
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

/** Wakes one reader. Several wake-ups before the reader polls count as one. */
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
