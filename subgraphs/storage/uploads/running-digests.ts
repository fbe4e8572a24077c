import { createHash, type Hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'

/**
 * The SHA-256 of uploads as far as they have come, so that what arrived in this process without a break need not be
 * read again. Nothing rests on it: where the digest of an upload is not known, its file is read.
 */
export type RunningDigests = {
  /**
   * The digest of an upload's bytes before an offset, to be gone on with; null where it is not known. It is forgotten
   * until it is kept again, so that one that was broken off is never gone on with.
   */
  take(id: string, offset: number): Hash | null
  /** Keeps the digest of an upload's bytes before an offset, all of which are on disk. */
  keep(id: string, offset: number, digest: Hash): void
  /** The SHA-256 of an upload of so many bytes, in hexadecimal digits; null where it is not known. */
  finish(id: string, byteSize: number): string | null
}

const REMEMBERED = 10_000

/** Begins without any. */
export function createRunningDigests(): RunningDigests {
  const digests = new LRUCache<string, { offset: number; digest: Hash }>({ max: REMEMBERED })

  const take = (id: string, offset: number): Hash | null => {
    const known = digests.get(id)
    digests.delete(id)
    return known?.offset === offset ? known.digest : null
  }
  return {
    take: (id, offset) => take(id, offset) ?? (offset === 0 ? createHash('sha256') : null),
    keep: (id, offset, digest) => void digests.set(id, { offset, digest }),
    finish: (id, byteSize) => take(id, byteSize)?.digest('hex') ?? null,
  }
}
