import type { GraphQLDataSource } from '@apollo/gateway'
import type { GatewayGraphQLResponse } from '@apollo/server-gateway-interface'
import { ANONYMOUS, type Viewer } from '../platform/identity/caller.ts'
import type { SubgraphClient } from '../platform/subgraph/client.ts'

/** What every operation at the gateway carries. */
export type GatewayContext = { viewer: Viewer }

/** Lets @apollo/gateway ask a subgraph as the viewer, in this process or over HTTP. */
export function subgraphDataSource(client: SubgraphClient): GraphQLDataSource<GatewayContext> {
  return {
    async process({ request, context }) {
      const result = await client.execute(
        { query: request.query ?? '', operationName: request.operationName, variables: request.variables },
        context.viewer ?? ANONYMOUS,
      )
      return result as GatewayGraphQLResponse
    },
  }
}
