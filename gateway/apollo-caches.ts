import type { DocumentNode } from 'graphql'
import { LRUCache } from 'lru-cache'
import { createDocumentCache } from '../platform/subgraph/document-cache.ts'

// @apollo/gateway measures a query plan by its size as JSON. In memory, a plan takes several times as much.
/** The size of the query plan cache of @apollo/gateway, in MiB of JSON. */
export const QUERY_PLANS_MIB = 8

const PERSISTED_CHARACTERS = 4 * 1024 ** 2
const PERSISTED_QUERY_CHARACTERS = 32 * 1024

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
 */
export function createPersistedQueries(): Store<string> {
  const queries = new LRUCache<string, string>({
    maxSize: PERSISTED_CHARACTERS,
    maxEntrySize: PERSISTED_QUERY_CHARACTERS,
    sizeCalculation: (query, key) => query.length + key.length,
  })
  return {
    get: async (key) => queries.get(key),
    set: async (key, query) => void queries.set(key, query),
    delete: async (key) => queries.delete(key),
  }
}
