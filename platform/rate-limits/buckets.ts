import { LRUCache } from 'lru-cache'

/** How much of a rate limit is used. 1 is the whole limit, which is free again after a minute. */
export type Bucket = {
  used: number
  /** The use that the other processes do not know about. */
  unreported: number
}

/** The leaky buckets of this process, by what they limit; see `createBuckets`. */
export type Buckets = {
  /** Returns a bucket after the use of the past has leaked out. */
  of(key: string): Bucket
  /** Returns a bucket if this process still knows it. */
  known(key: string): Bucket | undefined
}

const MINUTE_MS = 60_000
// Slower than the limit, so that even use at a low rate adds up if it is spread over many processes.
const FORGET_MS = 600_000
const REMEMBERED = 50_000

/**
 * Creates the buckets. Their number is bounded: the one that was unused for longest is forgotten first.
 *
 * @param now returns a monotonic time in milliseconds
 */
export function createBuckets(now: () => number, max = REMEMBERED): Buckets {
  const buckets = new LRUCache<string, Bucket & { at: number }>({ max })
  const leak = (bucket: Bucket & { at: number }) => {
    const ms = Math.max(0, now() - bucket.at)
    bucket.used = Math.max(0, bucket.used - ms / MINUTE_MS)
    bucket.unreported = Math.max(0, bucket.unreported - ms / FORGET_MS)
    bucket.at = now()
    return bucket
  }
  return {
    of(key) {
      const known = buckets.get(key)
      if (known) return leak(known)
      const bucket = { used: 0, unreported: 0, at: now() }
      buckets.set(key, bucket)
      return bucket
    },
    known(key) {
      const bucket = buckets.get(key)
      return bucket && leak(bucket)
    },
  }
}
