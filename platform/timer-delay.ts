// Node stores timer delays in 31 bits and turns a longer delay into 1 ms.
const LONGEST_MS = 2 ** 31 - 1

/** Limits a computed delay for `setTimeout` or `setInterval` to the longest that timers can hold, 24.8 days. */
export function timerDelay(milliseconds: number): number {
  return Math.min(milliseconds, LONGEST_MS)
}
