import { LRUCache } from 'lru-cache'
import type { Clock } from '../../../platform/clock.ts'

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
   * Lets a viewer's request in, or not. Nobody knows who is signed out, so these are never refused here: what stands
   * before the service knows their addresses.
   *
   * @returns what is to be called when the response is over; null where it is too much
   */
  enter(viewerId: string | null): (() => void) | null
}

const BURST_SECONDS = 5
const REMEMBERED = 50_000

/** Starts counting, in this process. */
export function createViewerLimits(options: ViewerLimitsOptions): ViewerLimits {
  const { connections, requestsPerSecond, clock } = options
  const burst = requestsPerSecond * BURST_SECONDS
  const open = new Map<string, number>()
  // A token bucket for each: what is left of it, and when that was so.
  const buckets = new LRUCache<string, { left: number; at: number }>({ max: REMEMBERED })

  const takeFromBucket = (viewerId: string): boolean => {
    const now = clock().getTime()
    const { left, at } = buckets.get(viewerId) ?? { left: burst, at: now }
    const refilled = Math.min(burst, left + (Math.max(0, now - at) / 1000) * requestsPerSecond)
    buckets.set(viewerId, { left: Math.max(0, refilled - 1), at: now })
    return refilled >= 1
  }

  return {
    enter(viewerId) {
      if (viewerId === null) return () => {}
      const others = open.get(viewerId) ?? 0
      if (!takeFromBucket(viewerId) || others >= connections) return null
      open.set(viewerId, others + 1)
      return () => {
        const left = (open.get(viewerId) ?? 1) - 1
        if (left > 0) open.set(viewerId, left)
        else open.delete(viewerId)
      }
    },
  }
}
