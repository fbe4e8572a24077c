import { z } from 'zod'
import { ConfigError, httpUrl } from '../config.ts'

/** What describes an identity provider outside, by which an app with accounts of its own signs its users in. */
export const outsideIssuerConfig = {
  AUTH_ISSUER: z
    .string()
    .min(1)
    .optional()
    .describe("The issuer of the app's own identity provider; set all three AUTH_ settings or none."),
  AUTH_JWKS_URL: httpUrl.optional().describe('Where the identity provider publishes its keys.'),
  AUTH_AUDIENCE: z.string().min(1).optional().describe('The audience that its tokens must name.'),
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
