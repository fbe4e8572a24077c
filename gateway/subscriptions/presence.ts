import { newId } from '../../platform/ids.ts'
import type { Log } from '../../platform/log.ts'
import { callPeer, type PeerClient } from '../../platform/subgraph/peer.ts'
import { communicationOperation } from '../internal-operations/communication.ts'
import type { LiveNotifications } from './live-notifications.ts'

/** Reports to `communication` which users have live connections; see `createPresence`. */
export type Presence = {
  /** Adds a live connection of a user. Call the returned function once when the connection ends. */
  enter(userId: string): () => void
  /** Reports all users of this gateway as offline. */
  close(): Promise<void>
}

// A report is valid for a minute, so it is renewed in time even if one attempt fails.
const RENEW_MS = 20_000
// Changes within this time are sent together. A page reload is so short that the user does not go offline.
const GATHER_MS = 250
const BATCH = 1_000

/**
 * Reports to `communication` who is online: as soon as a user's first connection opens or the last one closes, and
 * repeatedly for all users. After a gateway crashes, its users therefore soon count as offline.
 */
export function createPresence(communication: PeerClient, log: Log, renewMs = RENEW_MS): Presence {
  const holderId = newId()
  const connections = new Map<string, number>()
  const changed = new Set<string>()
  let gathering: NodeJS.Timeout | undefined
  let reporting = Promise.resolve()

  const report = async (userIds: string[]) => {
    for (let start = 0; start < userIds.length; start += BATCH) {
      const batch = userIds.slice(start, start + BATCH)
      const onlineIds = batch.filter((id) => connections.has(id))
      const offlineIds = batch.filter((id) => !connections.has(id))
      const input = { holderId, onlineIds, offlineIds }
      await callPeer(communication, communicationOperation('hold-presence'), { input }).catch((error) => {
        log.debug({ err: error }, 'reporting presence failed')
        for (const id of offlineIds) changed.add(id)
      })
    }
  }
  // Reports are sent one after the other, so that the last one reflects the current state.
  const reportSoon = (all: boolean) => {
    reporting = reporting.then(() => {
      const userIds = new Set([...changed, ...(all ? connections.keys() : [])])
      changed.clear()
      return report([...userIds])
    })
    return reporting
  }
  const noteChange = (userId: string) => {
    changed.add(userId)
    gathering ??= setTimeout(() => {
      gathering = undefined
      void reportSoon(false)
    }, GATHER_MS)
  }
  const renewal = setInterval(() => void reportSoon(true), renewMs).unref()

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
      await reportSoon(false)
    },
  }
}

/** Wraps live notifications so that a user counts as online while following them. */
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
