import { z } from 'zod'
import { commonConfig, httpUrl, port } from '../platform/config.ts'
import { outsideIssuerConfig } from '../platform/identity/outside-issuer.ts'

/** What the gateway reads from the environment. */
export const gatewayConfig = commonConfig.extend({
  ...outsideIssuerConfig,
  PORT: port.default(4000).describe('The TCP port on which the process listens.'),
  PUBLIC_URL: httpUrl.optional().describe('Where clients reach the product.'),
  GATEWAY_MAX_BODY_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(1_048_576)
    .describe('The largest GraphQL request, in bytes.'),
  GATEWAY_MAX_DEPTH: z.coerce
    .number()
    .int()
    .positive()
    .default(16)
    .describe('How deeply the fields of an operation may be nested.'),
  GATEWAY_MAX_COST: z.coerce
    .number()
    .int()
    .positive()
    .default(25_000)
    .describe('The highest cost of an operation.'),
  GATEWAY_MAX_ALIASES: z.coerce
    .number()
    .int()
    .positive()
    .default(50)
    .describe('How many aliases an operation may have.'),
})

/** The gateway's configuration. */
export type GatewayConfig = z.infer<typeof gatewayConfig>
