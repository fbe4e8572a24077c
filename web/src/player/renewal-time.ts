const LEAD_MS = 30_000
const AGAIN_MS = 15_000

/**
 * How many milliseconds to wait before the addresses are renewed: until shortly before they expire. The server gives
 * the same addresses for a fifth of their lifetime, so an early renewal returns nothing new. A clock that is wrong must
 * not cause one request after the other, so renewals keep a distance.
 *
 * @param expiresAt when the addresses expire, in RFC 3339; null if they do not
 * @param sinceMs how long ago they were last renewed, in milliseconds; infinite if never
 * @returns null if nothing is to be renewed
 */
export function renewalDelay(
  expiresAt: string | null | undefined,
  now: number,
  sinceMs: number,
): number | null {
  const expiry = Date.parse(expiresAt ?? '')
  if (Number.isNaN(expiry)) return null
  const lead = Math.min(LEAD_MS, Math.max(0, expiry - now) / 4)
  return Math.max(0, expiry - lead - now, AGAIN_MS - sinceMs)
}

/** Whether addresses are used up, or so close to it that playing should begin with new ones. */
export function isUsedUp(expiresAt: string | null | undefined, now: number): boolean {
  const expiry = Date.parse(expiresAt ?? '')
  return !Number.isNaN(expiry) && expiry - now < 2_000
}
