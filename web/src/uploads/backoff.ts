const FIRST_MS = 500
const LAST_MS = 30_000

/**
 * How long to wait before the next attempt, in milliseconds. Half of it is random, so that many clients do not return
 * to a server at the same instant.
 *
 * @param attempt how many attempts have failed in a row, from 1
 * @param random a number from 0 to 1
 */
export function backoff(attempt: number, random: number): number {
  const most = Math.min(LAST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 16))
  return most / 2 + (most / 2) * random
}
