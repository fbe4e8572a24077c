import { CLOCK_SKEW_SECONDS } from '../../../platform/tokens/strict-token.ts'

/** The time from which and until which a token states that it is valid, in milliseconds since 1970. */
export type TokenWindow = { issuedAt: number; expiresAt: number }

const REVOCATION_STEP_MS = 60_000

/**
 * The earliest instant until which a revocation now may reach: the start of the minute. The first tokens after the revocation
 * state the millisecond that follows it, so they tell nobody more precisely when something has changed.
 */
export function revocationFrom(now: Date): Date {
  return new Date(Math.floor(now.getTime() / REVOCATION_STEP_MS) * REVOCATION_STEP_MS)
}

/** The longest lifetime of a media token in seconds, for media of any duration. */
const MAX_MEDIA_SECONDS = 6 * 60 * 60

/**
 * Computes when a token is issued and when it expires. Both values change only once per fifth of the lifetime. The same
 * viewer therefore gets the same address again, and caches can reuse what they hold. A token lives for at least
 * `lifetimeSeconds`.
 *
 * `issuedAt` is the start of the window *before* the current one, and at least three minutes ago. A decision may be read
 * just before a revocation commits, or signed on a machine whose clock runs up to two minutes ahead of the revoking
 * machine's clock, and a revocation may reach only until the start of its minute. The token is then still older than the
 * revocation and is revoked with it.
 *
 * @param now milliseconds since 1970
 * @param revokedAt tokens issued until this instant no longer work, so `issuedAt` is later; null if none were revoked
 */
export function tokenWindow(now: number, lifetimeSeconds: number, revokedAt: Date | null): TokenWindow {
  const lifetime = lifetimeSeconds * 1000
  const width = lifetime / 5
  const start = Math.floor(now / width) * width
  // Whole milliseconds, because dates in the database and in revocations have the same precision.
  const issuedAt = Math.floor(start - Math.max(width, CLOCK_SKEW_SECONDS * 1000 + REVOCATION_STEP_MS))
  const expiresAt = Math.ceil(start + lifetime + width)
  return { issuedAt: Math.max(issuedAt, (revokedAt?.getTime() ?? Number.NEGATIVE_INFINITY) + 1), expiresAt }
}

/** Shortens a window so that the token does not live longer than the access; null if the access does not end. */
export function noLongerThan(accessEndsAt: Date | null, window: TokenWindow): TokenWindow {
  return accessEndsAt ? { ...window, expiresAt: Math.min(window.expiresAt, accessEndsAt.getTime()) } : window
}

/** Returns how long a media token must live, in seconds: long enough to play the media to its end, with some slack. */
export function mediaLifetime(
  durationSeconds: number | null,
  { minSeconds, slackSeconds }: { minSeconds: number; slackSeconds: number },
): number {
  return Math.min(MAX_MEDIA_SECONDS, Math.max(minSeconds, (durationSeconds ?? 0) + slackSeconds))
}

/** Returns the latest of some revocation times; null if all are null. */
export function latestOf(...times: readonly (Date | null)[]): Date | null {
  return times.reduce((latest, time) => (latest && (!time || latest > time) ? latest : time), null)
}
