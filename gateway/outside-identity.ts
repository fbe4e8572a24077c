import { createRemoteJWKSet, errors, jwtVerify } from 'jose'
import { z } from 'zod'
import { unavailable } from '../platform/errors.ts'
import type { OutsideIssuer } from '../platform/identity/outside-issuer.ts'
import { askPeer } from '../platform/subgraph/ask-peer.ts'
import type { SubgraphClient } from '../platform/subgraph/client.ts'

/** Who a token of the app's own identity provider is about, and until when (milliseconds since 1970). */
export type OutsideSession = { userId: string; expiresAt: number }

// Public-key algorithms alone: with HS256, whoever knows the public key could sign (RFC 8725 §2.1).
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519']
// Its clock is not ours.
const CLOCK_TOLERANCE_SECONDS = 120
// A provider that takes a key out of its JWKS is believed within this time.
const KEYS_KEPT_MS = 10 * 60_000

const NOT_THE_TOKENS_FAULT = new Set(['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'])

const PROVISION = /* GraphQL */ `
  mutation Provision($input: ProvisionUserInput!) { userId: provisionUser(input: $input) }
`
const provisioned = z.object({ userId: z.string().nullable() })
const claim = z.string().max(200).optional().catch(undefined)

/**
 * Reads tokens of the app's own identity provider. Whoever is seen for the first time gets an account.
 *
 * @returns null for a token that is not valid, whatever is wrong with it
 * @throws VisibleError `SERVICE_UNAVAILABLE` where that can't be found out now
 */
export function createOutsideIdentity(issuer: OutsideIssuer, communication: SubgraphClient) {
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
      // jose tells what is wrong with a token by codes of its own; a JWKS that can't be fetched or read is not the token's fault.
      const isTokensFault = error instanceof errors.JOSEError && !NOT_THE_TOKENS_FAULT.has(error.code)
      if (isTokensFault) return null
      throw Object.assign(unavailable('The identity provider does not answer.'), { cause: error })
    }
  }

  return async (token: string): Promise<OutsideSession | null> => {
    const claims = await verify(token)
    const { sub = '', exp = 0, iat } = claims ?? {}
    if (!claims || sub === '' || sub.length > 255) return null
    // What lies ahead of our clock would outlive the deletion of an account.
    const issuedAt = new Date(Math.min(iat === undefined ? Date.now() : iat * 1000, Date.now()))
    const input = {
      issuer: issuer.issuer,
      subject: sub,
      preferredUsername: claim.parse(claims.preferred_username),
      name: claim.parse(claims.name),
      issuedAt: issuedAt.toISOString(),
    }
    const { userId } = await askPeer(communication, 'gateway', PROVISION, { input }, provisioned)
    return userId === null ? null : { userId, expiresAt: (exp + CLOCK_TOLERANCE_SECONDS) * 1000 }
  }
}
