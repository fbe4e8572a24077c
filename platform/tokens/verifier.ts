import {
  createLocalJWKSet,
  createRemoteJWKSet,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose'
import { demandPlausibleTimes, demandStrictForm } from './strict-form.ts'

/** Where to find the public keys of each issuer: the keys themselves, something to ask, or the address of its JWKS. */
export type TrustedIssuers = Record<string, JSONWebKeySet | (() => Promise<JSONWebKeySet>) | URL>

/** What a token must be, apart from unexpired and correctly signed. */
export type Expected = {
  issuer: string
  audience: string
  typ: string
  now?: Date
  /** For how long after its end it is still taken: for tokens so short-lived that the signer's clock matters. */
  leewaySeconds?: number
}

/** Checks tokens; see `createVerifier`. */
export type Verifier = {
  /**
   * @returns the claims of a token that is all that was expected
   * @throws Error whatever is wrong with it; callers answer all reasons alike
   */
  verify(token: string, expected: Expected): Promise<JWTPayload>
}

/** Makes a verifier that trusts some issuers, each for its own tokens only. */
export function createVerifier(issuers: TrustedIssuers): Verifier {
  const keys = new Map<string, JWTVerifyGetKey>(
    Object.entries(issuers).map(([issuer, source]) => [issuer, keysOf(source)]),
  )
  return {
    async verify(token, { issuer, audience, typ, now, leewaySeconds = 0 }) {
      const key = keys.get(issuer)
      if (!key) throw new Error(`no keys are known for the issuer ${issuer}`)
      demandStrictForm(token)
      const { payload } = await jwtVerify(token, key, {
        issuer,
        audience,
        typ,
        // RFC 8725 §3.1: the algorithm is ours to choose, never the token's.
        algorithms: ['EdDSA'],
        requiredClaims: ['exp'],
        clockTolerance: leewaySeconds,
        ...(now && { currentDate: now }),
      })
      // jose compares whole seconds; a token that ends between two of them ends when it says (RFC 7519 §2, NumericDate).
      if ((Number(payload.exp) + leewaySeconds) * 1000 <= (now?.getTime() ?? Date.now()))
        throw new Error('the token has expired')
      demandPlausibleTimes(payload, now ?? new Date())
      return payload
    },
  }
}

function keysOf(source: TrustedIssuers[string]): JWTVerifyGetKey {
  if (source instanceof URL) return remoteKeys(source)
  return typeof source === 'function' ? changingKeys(source) : createLocalJWKSet(source)
}

// Half the time that passes between a key's publication and its first use, so that it is known by then.
const REFRESH_MS = 30_000

/**
 * How long a checked token may be remembered. With the time after which keys are fetched again, a key that was dropped
 * (`rotateKeys` with `dropOld`) is out within about a minute.
 */
export const REMEMBER_CHECKED_MS = 30_000

/**
 * Keys at an address: fetched again when a token names one that is unknown, and in the background from time to time.
 * Who has not been asked to check anything for long waits for the keys, since one of them may have been dropped.
 * What is known stays in use while the issuer does not answer, so that its tokens outlive its being down.
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
