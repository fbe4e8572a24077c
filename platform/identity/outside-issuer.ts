import { z } from 'zod'
import { ConfigError, httpUrl } from '../config.ts'

/** What describes an identity provider outside, by which an app with accounts of its own signs its users in. */
export const outsideIssuerConfig = {
  /** The `iss` of its tokens. */
  AUTH_ISSUER: z.string().min(1).optional(),
  /** Where its public keys are (RFC 7517). */
  AUTH_JWKS_URL: httpUrl.optional(),
  /** The `aud` of its tokens. */
  AUTH_AUDIENCE: z.string().min(1).optional(),
}

/** An identity provider whose tokens are accepted. */
export type OutsideIssuer = { issuer: string; jwksUrl: URL; audience: string }

/**
 * The identity provider outside; null where users have accounts of the product's own.
 *
 * @throws ConfigError where it is described by half
 */
export function readOutsideIssuer(config: {
  AUTH_ISSUER?: string | undefined
  AUTH_JWKS_URL?: string | undefined
  AUTH_AUDIENCE?: string | undefined
}): OutsideIssuer | null {
  const { AUTH_ISSUER: issuer, AUTH_JWKS_URL: jwksUrl, AUTH_AUDIENCE: audience } = config
  if (issuer && jwksUrl && audience) return { issuer, jwksUrl: new URL(jwksUrl), audience }
  if (!issuer && !jwksUrl && !audience) return null
  throw new ConfigError('AUTH_ISSUER, AUTH_JWKS_URL and AUTH_AUDIENCE: set all three of them or none.')
}
