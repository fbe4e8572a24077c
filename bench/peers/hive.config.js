/**
 * Hive Gateway, configured as in its manual, for the product's supergraph and subgraphs. `RUST_PLANNER=1` selects the planner
 * written in Rust instead of the one in JavaScript. This file is JavaScript, because only benchmarks install its packages.
 */
import { fileURLToPath } from 'node:url'
import { defineConfig } from '@graphql-hive/gateway'
import { unifiedGraphHandler } from '@graphql-hive/router-runtime'
import { addressConfig, addressOf } from '../../hosting/addresses.ts'
import { SUBGRAPHS } from '../../hosting/services.ts'
import { assertionHeader } from '../viewers.ts'

const addresses = addressConfig.parse(process.env)

export const gatewayConfig = defineConfig({
  supergraph: fileURLToPath(new URL('../../schema/supergraph.graphql', import.meta.url)),
  port: Number(process.env.PORT),
  fork: Number(process.env.FORK ?? 1),
  logging: 'warn',
  transportEntries: Object.fromEntries(
    SUBGRAPHS.map((name) => [name, { location: `${addressOf(name, addresses)}/graphql` }]),
  ),
  propagateHeaders: {
    fromClientToSubgraphs: ({ request, subgraphName }) => ({
      authorization: request.headers.get(assertionHeader(subgraphName)) ?? '',
    }),
  },
  ...(process.env.RUST_PLANNER === '1' && { unifiedGraphHandler }),
})
