import type { DocumentNode } from 'graphql'
import { LRUCache } from 'lru-cache'
import { cacheSize } from '../platform/cache-size.ts'
import { createDocumentCache } from '../platform/subgraph/document-cache.ts'

// @apollo/gateway measures a query plan by its size as JSON. In memory, a plan takes several times as much.
/** The size of the query plan cache of @apollo/gateway, in MiB of JSON. */
export const QUERY_PLANS_MIB = Math.max(1, cacheSize(8))

/** How many characters of persisted queries are kept, in total and of one query. */
export const MAX_PERSISTED_CHARACTERS = 4 * 1024 ** 2
export const MAX_PERSISTED_QUERY_CHARACTERS = 32 * 1024

/** Shares persisted queries with the other workers of this machine. */
export type SharedQueries = {
  publish(key: string, query: string): void
  /** Sets the function that takes what the others have published. */
  listen(take: (key: string, query: string) => void): void
}

/** The interface of Apollo Server's caches. */
type Store<Value> = {
  get(key: string): Promise<Value | undefined>
  set(key: string, value: Value): Promise<void>
  delete(key: string): Promise<boolean>
}

/** Creates the cache in which Apollo Server keeps parsed documents. It is bounded by the memory that they take. */
export function createDocumentStore(): Store<DocumentNode> {
  const documents = createDocumentCache()
  return {
    get: async (key) => documents.get(key),
    set: async (key, document) => documents.set(key, document),
    delete: async () => false,
  }
}

/**
 * Creates the cache for automatic persisted queries. It does not keep texts that are longer than the client's own
 * queries are.
 *
 * @param shared without it, each process knows only the queries that were registered there
 */
export function createPersistedQueries(shared: SharedQueries | null = null): Store<string> {
  const queries = new LRUCache<string, string>({
    maxSize: MAX_PERSISTED_CHARACTERS,
    maxEntrySize: MAX_PERSISTED_QUERY_CHARACTERS,
    sizeCalculation: (query, key) => query.length + key.length,
  })
  shared?.listen((key, query) => queries.set(key, query))
  return {
    get: async (key) => queries.get(key),
    async set(key, query) {
      const isKnown = queries.has(key)
      queries.set(key, query)
      if (!isKnown && queries.has(key)) shared?.publish(key, query)
    },
    delete: async (key) => queries.delete(key),
  }
}
