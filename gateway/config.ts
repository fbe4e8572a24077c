import { z } from 'zod'
import { commonConfig, httpUrl, port, wholeNumber } from '../platform/config.ts'
import { identityProviderConfig } from '../platform/identity/identity-provider-settings.ts'

/** The settings that the gateway reads from the environment. */
export const gatewayConfig = commonConfig.extend({
  ...identityProviderConfig,
  PORT: port.default(4000).describe('The TCP port on which the process listens.'),
  PUBLIC_URL: httpUrl.optional().describe('The URL at which clients reach the product.'),
  STORAGE_PUBLIC_URL: httpUrl
    .optional()
    .describe('The address at which clients reach storage. The web client may load media from it.'),
  BLOG_PUBLIC_URL: httpUrl
    .optional()
    .describe('The address at which clients reach pages. A separate gateway redirects `/@…` to it.'),
  GATEWAY_MEDIA_ORIGINS: z
    .string()
    .default('')
    .transform((text) => text.split(/[\s,]+/).filter((part) => part !== ''))
    .pipe(z.array(httpUrl))
    .describe('Further addresses from which the web client may load media, such as that of a bucket.'),
  GATEWAY_MAX_BODY_BYTES: wholeNumber(1)
    .default(2_097_152)
    .describe('The maximum size of a GraphQL request, in bytes.'),
  GATEWAY_MAX_DEPTH: wholeNumber(1)
    .default(16)
    .describe('The maximum nesting depth of fields in an operation.'),
  GATEWAY_MAX_COST: wholeNumber(1).default(25_000).describe('The maximum cost of an operation.'),
  GATEWAY_COST_PER_MINUTE: wholeNumber(0)
    .default(600_000)
    .describe(
      'The rate limit on operations: how much cost a viewer may use per minute; 0 turns it off. Costly operations count more than their cost.',
    ),
  GATEWAY_OPERATIONS: z
    .string()
    .optional()
    .describe(
      'A manifest of operations, or a folder of them; if set, clients may send only these operations.',
    ),
  GATEWAY_MAX_ALIASES: wholeNumber(1).default(50).describe('The maximum number of aliases in an operation.'),
})

export type GatewayConfig = z.infer<typeof gatewayConfig>
