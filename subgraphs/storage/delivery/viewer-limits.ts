import { LRUCache } from 'lru-cache'
import type { Clock } from '../../../platform/clock.ts'
import { networkOf } from '../../../platform/http/network-of.ts'

/** The source of a request: a signed-in viewer at any address, or all signed-out viewers at one address. */
export type Asker = { viewerId: string } | { address: string | undefined }

/** The limits per viewer. */
export type ViewerLimitsOptions = {
  /** The maximum number of responses at the same time. */
  connections: number
  /** Requests per second on average; a burst may have five times as many. */
  requestsPerSecond: number
  clock: Clock
}

/** Limits how much one viewer takes of the capacity that all viewers share. */
export type ViewerLimits = {
  /**
   * Admits a viewer's request or refuses it. Signed-out viewers are distinguished by address, which many people may
   * share, so an address gets a higher limit.
   *
   * @returns a function to call when the response has ended; null if the request exceeds the limit
   */
  enter(asker: Asker): (() => void) | null
}

const BURST_SECONDS = 5
// An address gets the limits of this many viewers: it may be a household, a café or a part of a mobile network.
const SHARES_OF_ADDRESS = 8
const REMEMBERED = 50_000

/** Creates the limits and their counters, per process. */
export function createViewerLimits(options: ViewerLimitsOptions): ViewerLimits {
  const { connections, requestsPerSecond, clock } = options
  const open = new Map<string, number>()
  // A token bucket per key: the remaining tokens and the time of that count.
  const buckets = new LRUCache<string, { left: number; at: number }>({ max: REMEMBERED })

  const takeFromBucket = (key: string, shares: number): boolean => {
    const now = clock().getTime()
    const perSecond = requestsPerSecond * shares
    const burst = perSecond * BURST_SECONDS
    const { left, at } = buckets.get(key) ?? { left: burst, at: now }
    const refilled = Math.min(burst, left + (Math.max(0, now - at) / 1000) * perSecond)
    buckets.set(key, { left: Math.max(0, refilled - 1), at: now })
    return refilled >= 1
  }

  return {
    enter(asker) {
      const isKnown = 'viewerId' in asker
      const shares = isKnown ? 1 : SHARES_OF_ADDRESS
      const key = isKnown ? asker.viewerId : networkOf(asker.address ?? 'unknown')
      const others = open.get(key) ?? 0
      if (!takeFromBucket(key, shares) || others >= connections * shares) return null
      open.set(key, others + 1)
      return () => {
        const left = (open.get(key) ?? 1) - 1
        if (left > 0) open.set(key, left)
        else open.delete(key)
      }
    },
  }
}
