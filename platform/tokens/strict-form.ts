import { errors } from 'jose'

/** No token of ours lives longer; what signs with a key is published for as long after it has ceased to. */
export const MAX_LIFETIME_SECONDS = 7 * 24 * 60 * 60

/** How far the clocks of two machines may be apart. */
export const CLOCK_SKEW_SECONDS = 120

/**
 * Refuses tokens that are not written as we write them. A decoder forgives padding, foreign letters and unused bits,
 * and a JSON parser takes the last of two claims of one name: nothing that we sign has any of these.
 *
 * @throws JWTInvalid
 */
export function demandStrictForm(token: string): void {
  const parts = token.split('.')
  if (parts.length !== 3 || !parts.every(isStrictBase64url)) throw notOurs()
  const [header = '', claims = ''] = parts
  if (!isStrictJson(header) || !isStrictJson(claims)) throw notOurs()
}

/**
 * Refuses tokens that say that they are issued later than now, which no revocation would ever meet, or that outlive
 * all that we issue.
 *
 * @throws JWTInvalid
 */
export function demandPlausibleTimes({ iat, exp }: { iat?: number; exp?: number }, now: Date): void {
  const seconds = now.getTime() / 1000
  if (iat !== undefined && iat > seconds + CLOCK_SKEW_SECONDS) throw notOurs()
  if (exp !== undefined && exp > seconds + MAX_LIFETIME_SECONDS + CLOCK_SKEW_SECONDS) throw notOurs()
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

const notOurs = () => new errors.JWTInvalid('the token is not of the form that we issue')
