import { LRUCache } from 'lru-cache'
import type { Clock } from '../../../platform/clock.ts'
import { networkOf } from '../../../platform/http/network-of.ts'

/** Who asks for bytes: who is signed in, wherever from, or whoever is at an address. */
export type Asker = { viewerId: string } | { address: string | undefined }

/** How much one viewer may ask for. */
export type ViewerLimitsOptions = {
  /** Responses at the same time. */
  connections: number
  /** Requests per second in the long run; a crowd of five times as many may come at once. */
  requestsPerSecond: number
  clock: Clock
}

/** Keeps one viewer from taking what is there for all. */
export type ViewerLimits = {
  /**
   * Lets a viewer's request in, or not. Those who are signed out are told apart by their addresses, which many may
   * share, and so may ask for more.
   *
   * @returns what is to be called when the response is over; null where it is too much
   */
  enter(asker: Asker): (() => void) | null
}

const BURST_SECONDS = 5
// How many viewers' share an address may have: a household, a café, a part of a mobile network.
const SHARES_OF_ADDRESS = 8
const REMEMBERED = 50_000

/** Starts counting, in this process. */
export function createViewerLimits(options: ViewerLimitsOptions): ViewerLimits {
  const { connections, requestsPerSecond, clock } = options
  const open = new Map<string, number>()
  // A token bucket for each: what is left of it, and when that was so.
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
