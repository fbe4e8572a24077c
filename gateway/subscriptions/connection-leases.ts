import { newId } from '../../platform/ids.ts'
import type { Log } from '../../platform/log.ts'
import { callPeer, type PeerClient } from '../../platform/subgraph/peer.ts'
import { communicationOperation } from '../internal-operations/communication.ts'
import { MAX_STREAMS, type StreamLimit } from './stream-limit.ts'

/** A limit of connections that holds for all gateway processes; see `createConnectionLeases`. */
export type ConnectionLeases = {
  limit: StreamLimit
  /** Gives all leases back. */
  close(): Promise<void>
}

type Connection = { openedAt: number; end: () => void }

// A lease is valid for a minute, so it is renewed in time even if one attempt fails.
const RENEW_MS = 20_000
const GATHER_MS = 250
const BATCH = 500

/**
 * Reports the open connections of this process to `communication`, which knows those of all processes, and ends the
 * oldest ones of a user with too many. The limit of this machine is applied first, and at once. A process that was
 * killed no longer counts after a minute.
 *
 * @param limit the limit of this process, or of the workers of this machine
 */
export function createConnectionLeases(
  communication: PeerClient,
  log: Log,
  limit: StreamLimit,
  renewMs = RENEW_MS,
): ConnectionLeases {
  const processId = newId()
  const open = new Map<string, Set<Connection>>()
  const changed = new Set<string>()
  let gathering: NodeJS.Timeout | undefined
  let reporting = Promise.resolve()

  const report = async (keys: readonly string[]) => {
    const now = performance.now()
    // A connection has a place in `held`, the newest first.
    const held = keys.flatMap((key) => {
      const connections = [...(open.get(key) ?? [])].sort((a, b) => b.openedAt - a.openedAt)
      return connections.length > 0 ? [{ key, connections: connections.slice(0, MAX_STREAMS) }] : []
    })
    const input = {
      processId,
      most: MAX_STREAMS,
      held: held.map(({ key, connections }) => ({ key, ages: connections.map((one) => now - one.openedAt) })),
      released: keys.filter((key) => !open.has(key)),
    }
    try {
      const { holdConnections } = await callPeer(communication, communicationOperation('hold-connections'), {
        input,
      })
      for (const { key, keep } of holdConnections) {
        const connections = held.find((one) => one.key === key)?.connections ?? []
        for (const { end } of connections.slice(keep)) end()
      }
    } catch (error) {
      log.debug({ err: error }, 'reporting connections failed')
      for (const key of keys) changed.add(key)
    }
  }
  // Reports are sent one after the other, so that the last one reflects the current state.
  const reportSoon = (all: boolean) => {
    reporting = reporting.then(async () => {
      const keys = [...new Set([...changed, ...(all ? open.keys() : [])])]
      changed.clear()
      for (let start = 0; start < keys.length; start += BATCH) await report(keys.slice(start, start + BATCH))
    })
    return reporting
  }
  const noteChange = (key: string) => {
    changed.add(key)
    gathering ??= setTimeout(() => {
      gathering = undefined
      void reportSoon(false)
    }, GATHER_MS)
  }
  const renewal = setInterval(() => void reportSoon(true), renewMs).unref()

  return {
    limit(key, end) {
      const leave = limit(key, end)
      const own = open.get(key) ?? new Set()
      const connection = { openedAt: performance.now(), end }
      open.set(key, own.add(connection))
      noteChange(key)
      return () => {
        leave()
        if (!own.delete(connection)) return
        if (own.size === 0 && open.get(key) === own) open.delete(key)
        noteChange(key)
      }
    },
    async close() {
      clearInterval(renewal)
      clearTimeout(gathering)
      for (const key of open.keys()) changed.add(key)
      open.clear()
      await reportSoon(false)
    },
  }
}
