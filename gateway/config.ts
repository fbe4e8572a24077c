import type { z } from 'zod'
import { commonConfig, httpUrl, port, wholeNumber } from '../platform/config.ts'
import { identityProviderConfig } from '../platform/identity/identity-provider-settings.ts'

/** The settings that the gateway reads from the environment. */
export const gatewayConfig = commonConfig.extend({
  ...identityProviderConfig,
  PORT: port.default(4000).describe('The TCP port on which the process listens.'),
  PUBLIC_URL: httpUrl.optional().describe('Where clients reach the product.'),
  GATEWAY_MAX_BODY_BYTES: wholeNumber(1)
    .default(1_048_576)
    .describe('The largest GraphQL request, in bytes.'),
  GATEWAY_MAX_DEPTH: wholeNumber(1)
    .default(16)
    .describe('How deeply the fields of an operation may be nested.'),
  GATEWAY_MAX_COST: wholeNumber(1).default(25_000).describe('The highest cost of an operation.'),
  GATEWAY_MAX_ALIASES: wholeNumber(1).default(50).describe('How many aliases an operation may have.'),
})

export type GatewayConfig = z.infer<typeof gatewayConfig>
