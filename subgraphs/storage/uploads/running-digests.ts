import { createHash, type Hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'

/**
 * The SHA-256 of uploads as far as they have arrived. Bytes that this process received without interruption need not be
 * read again. Correctness does not depend on it: if the digest of an upload is not known, its file is read.
 */
export type RunningDigests = {
  /**
   * Takes the digest of an upload's bytes before an offset, to continue it; null if it is not known. The digest is
   * forgotten until it is kept again, so that an interrupted digest is never continued.
   */
  take(id: string, offset: number): Hash | null
  /** Keeps the digest of an upload's bytes before an offset. All of these bytes are on disk. */
  keep(id: string, offset: number, digest: Hash): void
  /** The SHA-256 of an upload with `byteSize` bytes, in hexadecimal digits; null if it is not known. */
  finish(id: string, byteSize: number): string | null
}

const REMEMBERED = 10_000

/** Creates an empty store of digests. */
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
