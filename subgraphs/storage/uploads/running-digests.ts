import { createHash, type Hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'

/**
 * The SHA-256 of uploads as far as they have arrived. Bytes that this process received without interruption need not be
 * read again. Correctness does not depend on it: if the digest of an upload is not known, its file is read. A digest
 * counts only if the file has the same size and was last written at the same time as when the digest was kept, because
 * another process may have continued or replaced the file.
 */
export type RunningDigests = {
  /**
   * Takes the digest of an upload's bytes before an offset, to continue it; null if it is not known. The digest is
   * forgotten until it is kept again, so that an interrupted digest is never continued.
   */
  take(id: string, offset: number, writtenAt?: Date | null): Hash | null
  /** Keeps the digest of an upload's bytes before an offset. All of these bytes are on disk. */
  keep(id: string, offset: number, digest: Hash, writtenAt?: Date | null): void
  /** The SHA-256 of an upload with `byteSize` bytes, in hexadecimal digits; null if it is not known. */
  finish(id: string, byteSize: number, writtenAt?: Date | null): string | null
}

const REMEMBERED = 10_000

/** Creates an empty store of digests. */
export function createRunningDigests(): RunningDigests {
  const digests = new LRUCache<string, { offset: number; at: number | undefined; digest: Hash }>({
    max: REMEMBERED,
  })

  const take = (id: string, offset: number, writtenAt?: Date | null): Hash | null => {
    const known = digests.get(id)
    digests.delete(id)
    return known?.offset === offset && known.at === writtenAt?.getTime() ? known.digest : null
  }
  return {
    take: (id, offset, writtenAt) =>
      take(id, offset, writtenAt) ?? (offset === 0 ? createHash('sha256') : null),
    keep: (id, offset, digest, writtenAt) =>
      void digests.set(id, { offset, at: writtenAt?.getTime(), digest }),
    finish: (id, byteSize, writtenAt) => take(id, byteSize, writtenAt)?.digest('hex') ?? null,
  }
}
