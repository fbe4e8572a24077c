import {
  createLocalJWKSet,
  createRemoteJWKSet,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose'
import { requirePlausibleTimes, requireStrictToken } from './strict-token.ts'

/**
 * The source of each issuer's public keys: the keys themselves, a function that returns them, or the address of its
 * JWKS.
 */
export type TrustedIssuers = Record<string, JSONWebKeySet | (() => Promise<JSONWebKeySet>) | URL>

/** What a token must match, apart from being unexpired and correctly signed. */
export type Expected = {
  issuer: string
  audience: string
  typ: string
  now?: Date
  /**
   * How many seconds after its expiry a token is still accepted. This is for tokens that live so briefly that clock
   * skew matters.
   */
  leewaySeconds?: number
  /** The longest lifetime of this kind of token. */
  maxLifetimeSeconds?: number
}

/** Checks tokens; see `createVerifier`. */
export type Verifier = {
  /**
   * @returns the claims of a token that matches all expectations
   * @throws Error if anything is wrong with the token; callers give the same answer for all reasons
   */
  verify(token: string, expected: Expected): Promise<JWTPayload>
}

/** Creates a verifier that trusts the given issuers, each for its own tokens only. */
export function createVerifier(issuers: TrustedIssuers): Verifier {
  const keys = new Map<string, JWTVerifyGetKey>(
    Object.entries(issuers).map(([issuer, source]) => [issuer, keysOf(source)]),
  )
  return {
    async verify(token, { issuer, audience, typ, now, leewaySeconds = 0, maxLifetimeSeconds }) {
      const key = keys.get(issuer)
      if (!key) throw new Error(`no keys are known for the issuer ${issuer}`)
      requireStrictToken(token)
      const { payload } = await jwtVerify(token, key, {
        issuer,
        audience,
        typ,
        // RFC 8725 §3.1: we choose the algorithm, never the token.
        algorithms: ['EdDSA'],
        requiredClaims: ['exp'],
        clockTolerance: leewaySeconds,
        ...(now && { currentDate: now }),
      })
      // jose compares whole seconds. A token can also expire at a fraction of a second (RFC 7519 §2, NumericDate).
      if ((Number(payload.exp) + leewaySeconds) * 1000 <= (now?.getTime() ?? Date.now()))
        throw new Error('the token has expired')
      requirePlausibleTimes(payload, now ?? new Date(), maxLifetimeSeconds)
      return payload
    },
  }
}

function keysOf(source: TrustedIssuers[string]): JWTVerifyGetKey {
  if (source instanceof URL) return remoteKeys(source)
  return typeof source === 'function' ? changingKeys(source) : createLocalJWKSet(source)
}

// Half the time between a key's publication and its first use, so the key is known by then.
const REFRESH_MS = 30_000

/**
 * How long a verified token may be remembered, in milliseconds. This and the interval at which keys are fetched again
 * ensure that a dropped key (`rotateKeys` with `dropOld`) is no longer accepted after about a minute.
 */
export const REMEMBER_CHECKED_MS = 30_000

/**
 * Fetches the keys at an address. It fetches them again if a token names an unknown key, and in the background from
 * time to time. A verifier that has been unused for long waits for the keys, because one of them may have been dropped.
 * If the issuer does not answer, the known keys stay in use, so its tokens remain valid while it is down.
 */
function remoteKeys(address: URL): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(address, {
    cooldownDuration: 1_000,
    timeoutDuration: 2_000,
    cacheMaxAge: Number.POSITIVE_INFINITY,
  })
  let fetchedAt = Date.now()
  let late: Promise<void> | null = null
  return async (header, token) => {
    const age = Date.now() - fetchedAt
    if (keys.jwks() && age > REFRESH_MS) {
      fetchedAt = Date.now()
      const fetching = keys
        .reload()
        .catch(() => {})
        .finally(() => {
          late = null
        })
      if (age > 2 * REFRESH_MS) late = fetching
    }
    if (late) await late
    return keys(header, token)
  }
}

function changingKeys(read: () => Promise<JSONWebKeySet>): JWTVerifyGetKey {
  let known: JSONWebKeySet | null = null
  let keys = createLocalJWKSet({ keys: [] })
  return async (header, token) => {
    const current = await read()
    if (current !== known) {
      known = current
      keys = createLocalJWKSet(current)
    }
    return keys(header, token)
  }
}
