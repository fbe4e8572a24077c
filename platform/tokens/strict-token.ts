import { errors } from 'jose'

/** The longest lifetime of our tokens, in seconds. A key stays published for as long after it has stopped signing. */
export const MAX_LIFETIME_SECONDS = 7 * 24 * 60 * 60

/** The tolerated clock skew between two machines, in seconds. */
export const CLOCK_SKEW_SECONDS = 120

/**
 * Refuses tokens that are not encoded exactly as we encode them. A decoder tolerates padding, foreign characters and
 * unused bits, and a JSON parser takes the last of two claims with the same name. Our tokens have none of these.
 *
 * @throws JWTInvalid
 */
export function requireStrictToken(token: string): void {
  const parts = token.split('.')
  if (parts.length !== 3 || !parts.every(isStrictBase64url)) throw notOurs()
  const [header = '', claims = ''] = parts
  if (!isStrictJson(header) || !isStrictJson(claims)) throw notOurs()
}

/**
 * Refuses tokens whose issue time is in the future, because no revocation would ever apply to them. Also refuses tokens
 * that live longer than any of their kind that we issue.
 *
 * @param maxLifetimeSeconds the longest lifetime of this kind of token
 * @throws JWTInvalid
 */
export function requirePlausibleTimes(
  { iat, exp }: { iat?: number; exp?: number },
  now: Date,
  maxLifetimeSeconds = MAX_LIFETIME_SECONDS,
): void {
  const seconds = now.getTime() / 1000
  if (iat !== undefined && iat > seconds + CLOCK_SKEW_SECONDS) throw notOurs()
  if (exp !== undefined && exp > seconds + maxLifetimeSeconds + CLOCK_SKEW_SECONDS) throw notOurs()
}

function isStrictBase64url(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part
}

function isStrictJson(part: string): boolean {
  const text = Buffer.from(part, 'base64url').toString()
  try {
    return JSON.stringify(JSON.parse(text)) === text
  } catch {
    return false
  }
}

const notOurs = () => new errors.JWTInvalid('the token does not have the format that Moblog issues')
