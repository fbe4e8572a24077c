// Node turns a longer delay into 1 ms (timers keep it in 31 bits).
const LONGEST_MS = 2 ** 31 - 1

/** The delay to give to `setTimeout` or `setInterval` for a computed time: at most what timers can hold, 24.8 days. */
export function timerDelay(milliseconds: number): number {
  return Math.min(milliseconds, LONGEST_MS)
}
