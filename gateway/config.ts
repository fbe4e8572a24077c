import { z } from 'zod'
import { commonConfig, httpUrl, port } from '../platform/config.ts'
import { outsideIssuerConfig } from '../platform/identity/outside-issuer.ts'

/** What the gateway reads from the environment. */
export const gatewayConfig = commonConfig.extend({
  ...outsideIssuerConfig,
  PORT: port.default(4000),
  PUBLIC_URL: httpUrl.optional(),
  GATEWAY_MAX_BODY_BYTES: z.coerce.number().int().positive().default(1_048_576),
  GATEWAY_MAX_DEPTH: z.coerce.number().int().positive().default(16),
  GATEWAY_MAX_COST: z.coerce.number().int().positive().default(25_000),
  GATEWAY_MAX_ALIASES: z.coerce.number().int().positive().default(50),
})

/** The gateway's configuration. */
export type GatewayConfig = z.infer<typeof gatewayConfig>
