import type { GraphQLDataSource } from '@apollo/gateway'
import type { AskSubgraph, GatewayContext } from './ask-subgraph.ts'

type SubgraphResult = Awaited<ReturnType<GraphQLDataSource<GatewayContext>['process']>>

/** Creates the data source through which @apollo/gateway queries a subgraph when it executes an operation itself. */
export function subgraphDataSource(name: string, ask: AskSubgraph): GraphQLDataSource<GatewayContext> {
  return {
    async process({ request: { query = '', operationName, variables }, context }) {
      return (await ask(name, { query, operationName, variables }, context)) as SubgraphResult
    },
  }
}
