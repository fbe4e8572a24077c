import type { Log } from '../log.ts'
import { createBuckets } from './buckets.ts'
import { createSharedUse, type ShareUse } from './shared-use.ts'

/** A rate limit of all processes together: what it limits, and how much may be used per minute. */
export type SharedLimit = { key: string; perMinute: number }

/** Rate limits that this process counts in memory; see `createSharedLimits`. */
export type SharedLimits = {
  /**
   * Finds the first limit of which nothing is left; undefined if something is left of each.
   *
   * @param own how much of the use belongs to the caller, who may have used up a limit alone
   */
  findUsedUp<Limit extends SharedLimit>(
    limits: readonly Limit[],
    own?: number,
  ): { limit: Limit; seconds: number } | undefined
  /** Adds to the use of the limits. */
  use(limits: readonly SharedLimit[], amount: number): void
  close(): Promise<void>
}

/** The dependencies of `createSharedLimits`. */
export type SharedLimitsOptions = {
  share: ShareUse
  log: Log
  /** Returns a monotonic time in milliseconds. */
  now?: (() => number) | undefined
}

// The errors of floating-point numbers, which would admit one more use, or refuse it after the time that was told.
const ROUNDING = 1e-8

/**
 * Creates rate limits whose counts are in memory and are shared with other processes in the background, so that a request
 * costs no SQL statement. A request is admitted while something is left, and may use more than that; later ones wait longer.
 */
export function createSharedLimits(options: SharedLimitsOptions): SharedLimits {
  const { share, log, now = () => performance.now() } = options
  const buckets = createBuckets(now)
  const shared = createSharedUse(buckets, share, log)
  return {
    findUsedUp(limits, own = 0) {
      for (const limit of limits) {
        const excess = buckets.of(limit.key).used - own / limit.perMinute - 1
        if (excess > -ROUNDING) return { limit, seconds: secondsUntil(excess) }
      }
      return undefined
    },
    use(limits, amount) {
      for (const { key, perMinute } of limits) {
        const bucket = buckets.of(key)
        bucket.used += amount / perMinute
        bucket.unreported += amount / perMinute
        shared.note(key)
      }
    },
    close: shared.close,
  }
}

const secondsUntil = (excess: number) => Math.max(1, Math.ceil((excess + 2 * ROUNDING) * 60))
