/** How fast bytes are sent, smoothed, so that the time left does not jump. */
export type RateMeter = {
  /** Takes the number of bytes that have been sent so far. */
  add(sent: number, now: number): void
  /** Null until something is known. */
  readonly bytesPerSecond: number | null
  secondsLeft(sent: number, total: number | null): number | null
  /** Forgets what was measured, for example after a pause. */
  reset(): void
}

/** The share of the newest measurement after one second. */
const WEIGHT = 0.3
const SHORTEST_MS = 250

export function createRateMeter(): RateMeter {
  let last: { sent: number; at: number } | null = null
  let rate: number | null = null
  return {
    add(sent, now) {
      if (!last || sent < last.sent) {
        last = { sent, at: now }
        return
      }
      const ms = now - last.at
      if (ms < SHORTEST_MS) return
      const measured = ((sent - last.sent) * 1000) / ms
      const weight = 1 - (1 - WEIGHT) ** (ms / 1000)
      rate = rate === null ? measured : rate + (measured - rate) * weight
      last = { sent, at: now }
    },
    get bytesPerSecond() {
      return rate
    },
    secondsLeft(sent, total) {
      if (total === null || rate === null || rate < 1) return null
      return Math.max(0, Math.ceil((total - sent) / rate))
    },
    reset() {
      last = null
      rate = null
    },
  }
}
