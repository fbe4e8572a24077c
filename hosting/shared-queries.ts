import { LRUCache } from 'lru-cache'
import {
  MAX_PERSISTED_CHARACTERS,
  MAX_PERSISTED_QUERY_CHARACTERS,
  type SharedQueries,
} from '../gateway/apollo-caches.ts'
import type { AddWorker } from './shared-state.ts'
import type { FromWorker, ToWorker } from './worker-messages.ts'

/**
 * Passes the automatic persisted queries that clients register at one worker to all others, also to those that are
 * started later. It belongs to the primary process.
 */
export function createQueryExchange(): AddWorker {
  const sends = new Set<(message: ToWorker) => void>()
  const queries = new LRUCache<string, string>({
    maxSize: MAX_PERSISTED_CHARACTERS,
    maxEntrySize: MAX_PERSISTED_QUERY_CHARACTERS,
    sizeCalculation: (query, key) => query.length + key.length,
  })
  return (send) => {
    for (const [key, query] of queries.entries()) send({ kind: 'query registered', key, query })
    sends.add(send)
    return {
      receive(message) {
        if (message.kind !== 'query registered') return
        queries.set(message.key, message.query)
        for (const other of sends) if (other !== send) other(message)
      },
      forget: () => void sends.delete(send),
    }
  }
}

/** Shares persisted queries in a worker, through the primary process. */
export function createQueryReports(send: (message: FromWorker) => void): {
  sharedQueries: SharedQueries
  receive(message: ToWorker): void
} {
  let take: (key: string, query: string) => void = () => {}
  return {
    sharedQueries: {
      publish: (key, query) => send({ kind: 'query registered', key, query }),
      listen(given) {
        take = given
      },
    },
    receive(message) {
      if (message.kind === 'query registered') take(message.key, message.query)
    },
  }
}
