import { CLOCK_SKEW_SECONDS } from '../../../platform/tokens/strict-form.ts'

/** From when to when a token is said to be valid, in milliseconds since 1970. */
export type GrantWindow = { issuedAt: number; expiresAt: number }

/** No media token lives longer, whatever the duration of the medium. */
const MAX_MEDIA_SECONDS = 6 * 60 * 60

/**
 * When a token says that it was issued and when it ends. Both stand still for a fifth of the lifetime, so that the same
 * viewer gets the same address again and caches find what they know; a token lives for at least `lifetimeSeconds`.
 *
 * `issuedAt` is the start of the window *before* the present one, and two minutes ago at least: a decision that was read
 * just before a revocation was committed, or that was signed on a machine whose clock runs ahead of that which revokes, is
 * still older than the revocation and dies with it.
 *
 * @param now in milliseconds since 1970
 * @param revokedAt what was issued until then does not work any more, so the token must be said to be newer
 */
export function grantWindow(now: number, lifetimeSeconds: number, revokedAt: Date | null): GrantWindow {
  const lifetime = lifetimeSeconds * 1000
  const width = lifetime / 5
  const start = Math.floor(now / width) * width
  // Whole milliseconds, as dates in the database and in revocations are.
  const issuedAt = Math.floor(start - Math.max(width, CLOCK_SKEW_SECONDS * 1000))
  const expiresAt = Math.ceil(start + lifetime + width)
  return { issuedAt: Math.max(issuedAt, (revokedAt?.getTime() ?? Number.NEGATIVE_INFINITY) + 1), expiresAt }
}

/** How long a media token has to live so that a medium can be played to its end, with some slack, in seconds. */
export function mediaLifetime(
  durationSeconds: number | null,
  { minSeconds, slackSeconds }: { minSeconds: number; slackSeconds: number },
): number {
  return Math.min(MAX_MEDIA_SECONDS, Math.max(minSeconds, (durationSeconds ?? 0) + slackSeconds))
}

/** The later of two instants at which tokens were revoked; null where there were none. */
export function laterOf(a: Date | null, b: Date | null): Date | null {
  if (!a || !b) return a ?? b
  return a > b ? a : b
}
