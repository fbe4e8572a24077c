import type { DocumentNode, Token } from 'graphql'
import { LRUCache } from 'lru-cache'
import { cacheSize } from '../cache-size.ts'

/** A cache of parsed and validated documents; see `createDocumentCache`. */
export type DocumentCache = {
  get(key: string): DocumentNode | undefined
  set(key: string, document: DocumentNode): void
}

const MAX_BYTES = cacheSize(32 * 1024 ** 2)
// Documents that clients and the gateway send repeatedly have some thousand characters.
const MAX_DOCUMENT_BYTES = 512 * 1024
// The memory of a token and its share of the nodes above it, measured with graphql 16.
const TOKEN_BYTES = 400

/**
 * Creates a cache of documents with a memory limit, so a client cannot fill it with documents that nobody sends twice.
 * Documents larger than `maxDocumentBytes` are not cached.
 */
export function createDocumentCache(
  maxBytes = MAX_BYTES,
  maxDocumentBytes = MAX_DOCUMENT_BYTES,
): DocumentCache {
  const documents = new LRUCache<string, DocumentNode>({
    maxSize: maxBytes,
    maxEntrySize: maxDocumentBytes,
    sizeCalculation: (document, key) => approximateBytes(document) + key.length,
  })
  return {
    get: (key) => documents.get(key),
    set: (key, document) => void documents.set(key, document),
  }
}

function approximateBytes({ loc }: DocumentNode): number {
  if (!loc)
    throw new Error(
      'the document has no source location, so its size is unknown: parse it without `noLocation`',
    )
  let tokens = 0
  for (let token: Token | null = loc.startToken; token; token = token.next) tokens += 1
  return tokens * TOKEN_BYTES + 2 * loc.source.body.length
}
