import { rateLimited } from '../../../platform/errors.ts'
import type { Log } from '../../../platform/log.ts'
import { createSharedLimits, type SharedLimit } from '../../../platform/rate-limits/shared-limits.ts'
import type { ShareUse } from '../../../platform/rate-limits/shared-use.ts'
import type { PageReader } from './page-reader.ts'

/** Limits how many pages readers open; see `createPageLimit`. */
export type PageLimit = {
  /**
   * Counts one request.
   *
   * @param weight how many pages it counts as
   * @throws VisibleError `RATE_LIMITED` if the limit of the reader or of their network is used up
   */
  count(reader: PageReader, weight: number): void
  close(): Promise<void>
}

/** The dependencies and settings of `createPageLimit`. */
export type PageLimitOptions = {
  /** How many pages a reader may open per minute; 0 for no limit. */
  perMinute: number
  share: ShareUse
  log: Log
  /** Returns a monotonic time in milliseconds. */
  now?: (() => number) | undefined
}

// As many as the rate limit on operations allows: a network address may be a household, an office or a part of a mobile
// network.
const VIEWERS_PER_NETWORK = 20

/**
 * Creates the rate limit on pages: per viewer, per network for its signed-out readers together, and per network in total.
 * What a request counts depends only on its address, so an answer tells nothing about whether a page exists.
 */
export function createPageLimit({ perMinute, share, log, now }: PageLimitOptions): PageLimit {
  if (perMinute === 0) return { count() {}, close: async () => {} }
  const shared = createSharedLimits({ share, log, now })
  const limitsOf = ({ viewerId, network }: PageReader): SharedLimit[] => [
    { key: viewerId === null ? `pages signed out ${network}` : `pages ${viewerId}`, perMinute },
    { key: `pages of ${network}`, perMinute: perMinute * VIEWERS_PER_NETWORK },
  ]
  return {
    count(reader, weight) {
      const limits = limitsOf(reader)
      const usedUp = shared.findUsedUp(limits)
      if (usedUp) throw rateLimited('Too many pages were opened in a short time.', usedUp.seconds)
      shared.use(limits, weight)
    },
    close: shared.close,
  }
}
