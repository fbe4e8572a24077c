import { createRemoteJWKSet, errors, jwtVerify } from 'jose'
import { z } from 'zod'
import { unavailable } from '../platform/errors.ts'
import type { IdentityProviderSettings } from '../platform/identity/identity-provider-settings.ts'
import { callPeer, type PeerClient } from '../platform/subgraph/peer.ts'
import { communicationOperation } from './internal-operations/communication.ts'

/** The user of an identity provider's token, and the time at which the session ends, in milliseconds since 1970. */
export type ProviderSession = { userId: string; expiresAt: number }

// Only public-key algorithms: with HS256, anyone who knows the public key could sign (RFC 8725 §2.1).
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519']
// The tolerated clock skew between the identity provider and the gateway.
const CLOCK_TOLERANCE_SECONDS = 120
// A key that the provider removes from its JWKS stops working within this time.
const KEYS_KEPT_MS = 10 * 60_000

const NOT_THE_TOKENS_FAULT = new Set(['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'])

const claim = z.string().max(200).optional().catch(undefined)

/**
 * Creates a function that reads tokens of the app's identity provider. A user who is seen for the first time gets an
 * account.
 *
 * @returns null if the token is invalid, for any reason
 * @throws VisibleError `SERVICE_UNAVAILABLE` if the token cannot be checked at the moment
 */
export function createIdentityProvider(issuer: IdentityProviderSettings, communication: PeerClient) {
  const keys = createRemoteJWKSet(issuer.jwksUrl, {
    cacheMaxAge: KEYS_KEPT_MS,
    cooldownDuration: 5_000,
    timeoutDuration: 5_000,
  })

  const verify = async (token: string) => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: issuer.issuer,
        audience: issuer.audience,
        algorithms: ALGORITHMS,
        requiredClaims: ['sub', 'exp'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      })
      return payload
    } catch (error) {
      // jose reports an invalid token with its own error codes. If the JWKS cannot be fetched or read, the token is not
      // at fault.
      const isTokensFault = error instanceof errors.JOSEError && !NOT_THE_TOKENS_FAULT.has(error.code)
      if (isTokensFault) return null
      throw Object.assign(unavailable('The identity provider does not answer. Try again in a moment.'), {
        cause: error,
      })
    }
  }

  return async (token: string): Promise<ProviderSession | null> => {
    const claims = await verify(token)
    const { sub = '', exp = 0, iat } = claims ?? {}
    if (!claims || sub === '' || sub.length > 255) return null
    // A time in the future would outlast the deletion of an account.
    const issuedAt = new Date(Math.min(iat === undefined ? Date.now() : iat * 1000, Date.now()))
    const input = {
      issuer: issuer.issuer,
      subject: sub,
      preferredUsername: claim.parse(claims.preferred_username),
      name: claim.parse(claims.name),
      issuedAt: issuedAt.toISOString(),
    }
    const operation = communicationOperation('provision-user')
    const { provisionUser: userId } = await callPeer(communication, operation, { input })
    return userId === null ? null : { userId, expiresAt: (exp + CLOCK_TOLERANCE_SECONDS) * 1000 }
  }
}
