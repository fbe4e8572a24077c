import { z } from 'zod'
import { ConfigError, httpUrl } from '../config.ts'

/** The settings of an external identity provider, for an app that already has its own accounts. */
export const identityProviderConfig = {
  AUTH_ISSUER: z
    .string()
    .min(1)
    .optional()
    .describe("The issuer of the app's own identity provider. Set all three AUTH_ settings or none."),
  AUTH_JWKS_URL: httpUrl
    .optional()
    .describe('The address at which the identity provider publishes its keys.'),
  AUTH_AUDIENCE: z
    .string()
    .min(1)
    .optional()
    .describe("The audience that the identity provider's tokens must name."),
}

/** An identity provider whose tokens are accepted. */
export type IdentityProviderSettings = { issuer: string; jwksUrl: URL; audience: string }

/**
 * Returns the configured identity provider, or null if users have accounts in Moblog itself.
 *
 * @throws ConfigError if only some of the settings are set
 */
export function readIdentityProvider(config: {
  AUTH_ISSUER?: string | undefined
  AUTH_JWKS_URL?: string | undefined
  AUTH_AUDIENCE?: string | undefined
}): IdentityProviderSettings | null {
  const { AUTH_ISSUER: issuer, AUTH_JWKS_URL: jwksUrl, AUTH_AUDIENCE: audience } = config
  if (issuer && jwksUrl && audience) return { issuer, jwksUrl: new URL(jwksUrl), audience }
  if (!issuer && !jwksUrl && !audience) return null
  throw new ConfigError(
    'AUTH_ISSUER, AUTH_JWKS_URL and AUTH_AUDIENCE: only some are set. Set all three or none.',
  )
}
