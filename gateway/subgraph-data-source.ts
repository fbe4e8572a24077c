import type { GraphQLDataSource } from '@apollo/gateway'
import { VisibleError } from '../platform/errors.ts'
import { ANONYMOUS, type Viewer } from '../platform/identity/caller.ts'
import type { Log } from '../platform/log.ts'
import { createOutageLog } from '../platform/outage-log.ts'
import type { SubgraphClient } from '../platform/subgraph/client.ts'
import type { Work } from '../platform/subgraph/work.ts'

/** The context of every operation at the gateway. */
export type GatewayContext = {
  viewer: Viewer
  /** What is left of the operation's limit on data from all subgraphs. */
  work: Work
}

type SubgraphResult = Awaited<ReturnType<GraphQLDataSource<GatewayContext>['process']>>

/**
 * Creates the data source through which @apollo/gateway queries a subgraph on behalf of the viewer, in this process or
 * over HTTP. An outage is logged once.
 */
export function subgraphDataSource(
  name: string,
  client: SubgraphClient,
  log: Log,
): GraphQLDataSource<GatewayContext> {
  const reportOutage = createOutageLog(log, 'warn', `${name} does not answer`)
  return {
    async process({ request, context }) {
      try {
        const result = await client.execute(
          { query: request.query ?? '', operationName: request.operationName, variables: request.variables },
          context.viewer ?? ANONYMOUS,
          context.work,
        )
        return result as SubgraphResult
      } catch (error) {
        if (error instanceof VisibleError && error.extensions.code === 'SERVICE_UNAVAILABLE')
          reportOutage(error)
        throw error
      }
    },
  }
}
