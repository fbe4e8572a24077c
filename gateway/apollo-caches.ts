import type { DocumentNode } from 'graphql'
import { LRUCache } from 'lru-cache'
import { createDocumentCache } from '../platform/subgraph/document-cache.ts'

// A query plan takes several times its size as JSON, by which @apollo/gateway measures it.
/** How much memory @apollo/gateway may take for query plans. */
export const QUERY_PLANS_MIB = 8

const PERSISTED_CHARACTERS = 4 * 1024 ** 2
const PERSISTED_QUERY_CHARACTERS = 32 * 1024

/** What Apollo Server keeps things in. */
type Store<Value> = {
  get(key: string): Promise<Value | undefined>
  set(key: string, value: Value): Promise<void>
  delete(key: string): Promise<boolean>
}

/** Apollo Server's store of parsed documents, bounded by the memory that they take. */
export function createDocumentStore(): Store<DocumentNode> {
  const documents = createDocumentCache()
  return {
    get: async (key) => documents.get(key),
    set: async (key, document) => documents.set(key, document),
    delete: async () => false,
  }
}

/** The texts of automatic persisted queries. One that is longer than a client's own is not kept. */
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
