import { z } from 'zod'
import { newId } from '../../platform/ids.ts'
import type { Log } from '../../platform/log.ts'
import { askPeer } from '../../platform/subgraph/ask-peer.ts'
import type { SubgraphClient } from '../../platform/subgraph/client.ts'
import type { LiveNotifications } from './live-notifications.ts'

/** Tells `communication` who has live connections; see `createPresence`. */
export type Presence = {
  /** A live connection of a user begins; the returned function, called once, ends it. */
  enter(userId: string): () => void
  /** Everyone here is gone. */
  close(): Promise<void>
}

const HOLD = /* GraphQL */ `
  mutation Hold($input: HoldPresenceInput!) { done: holdPresence(input: $input) }
`
const done = z.object({ done: z.literal(true) })

// What is said holds for a minute: it is still said in time when one attempt fails.
const RENEW_MS = 20_000
// Those who come and go at the same time are told together, and a page that is loaded anew is never away.
const GATHER_MS = 250
const BATCH = 1_000

/**
 * Keeps `communication` informed of who is there: at once when someone's first connection opens or last one closes, and
 * again and again for all, so that those of a gateway that dies are gone soon after.
 */
export function createPresence(communication: SubgraphClient, log: Log, renewMs = RENEW_MS): Presence {
  const holderId = newId()
  const connections = new Map<string, number>()
  const changed = new Set<string>()
  let gathering: NodeJS.Timeout | undefined
  let telling = Promise.resolve()

  const tell = async (userIds: string[]) => {
    for (let start = 0; start < userIds.length; start += BATCH) {
      const batch = userIds.slice(start, start + BATCH)
      const onlineIds = batch.filter((id) => connections.has(id))
      const offlineIds = batch.filter((id) => !connections.has(id))
      const input = { holderId, onlineIds, offlineIds }
      await askPeer(communication, 'gateway', HOLD, { input }, done).catch((error) => {
        log.debug({ err: error }, 'communication was not told who is there')
        for (const id of offlineIds) changed.add(id)
      })
    }
  }
  // One after the other, so that what is said last is what is so.
  const tellSoon = (all: boolean) => {
    telling = telling.then(() => {
      const userIds = new Set([...changed, ...(all ? connections.keys() : [])])
      changed.clear()
      return tell([...userIds])
    })
    return telling
  }
  const noteChange = (userId: string) => {
    changed.add(userId)
    gathering ??= setTimeout(() => {
      gathering = undefined
      void tellSoon(false)
    }, GATHER_MS)
  }
  const renewal = setInterval(() => void tellSoon(true), renewMs).unref()

  return {
    enter(userId) {
      const before = connections.get(userId) ?? 0
      connections.set(userId, before + 1)
      if (before === 0) noteChange(userId)
      return () => {
        const left = (connections.get(userId) ?? 0) - 1
        if (left > 0) connections.set(userId, left)
        else if (connections.delete(userId)) noteChange(userId)
      }
    },
    async close() {
      clearInterval(renewal)
      clearTimeout(gathering)
      for (const userId of connections.keys()) changed.add(userId)
      connections.clear()
      await tellSoon(false)
    },
  }
}

/** Live notifications whose followers are there for as long as they follow. */
export function withPresence(notifications: LiveNotifications, presence: Presence): LiveNotifications {
  return {
    ...notifications,
    async *follow(userId, after, signal) {
      const leave = presence.enter(userId)
      try {
        yield* notifications.follow(userId, after, signal)
      } finally {
        leave()
      }
    },
  }
}
