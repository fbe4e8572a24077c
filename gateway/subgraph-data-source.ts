import type { GraphQLDataSource } from '@apollo/gateway'
import type { GatewayGraphQLResponse } from '@apollo/server-gateway-interface'
import { ANONYMOUS, type Viewer } from '../platform/identity/caller.ts'
import type { SubgraphClient } from '../platform/subgraph/client.ts'
import type { Work } from '../platform/subgraph/work.ts'

/** What every operation at the gateway carries. */
export type GatewayContext = {
  viewer: Viewer
  /** What the operation may still bring together from all subgraphs. */
  work: Work
}

/** Lets @apollo/gateway ask a subgraph as the viewer, in this process or over HTTP. */
export function subgraphDataSource(client: SubgraphClient): GraphQLDataSource<GatewayContext> {
  return {
    async process({ request, context }) {
      const result = await client.execute(
        { query: request.query ?? '', operationName: request.operationName, variables: request.variables },
        context.viewer ?? ANONYMOUS,
        context.work,
      )
      return result as GatewayGraphQLResponse
    },
  }
}
