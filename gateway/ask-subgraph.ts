import type { ExecutionResult } from 'graphql'
import { VisibleError } from '../platform/errors.ts'
import { ANONYMOUS, type Viewer } from '../platform/identity/caller.ts'
import type { Log } from '../platform/log.ts'
import { createOutageLog } from '../platform/outage-log.ts'
import type { SubgraphClient } from '../platform/subgraph/client.ts'
import type { GraphqlRequest } from '../platform/subgraph/executor.ts'
import type { Work } from '../platform/subgraph/work.ts'

/** The context of every operation at the gateway. */
export type GatewayContext = {
  viewer: Viewer
  /** What is left of the operation's limit on data from all subgraphs. */
  work: Work
}

/**
 * Sends an operation to a subgraph on behalf of the viewer, in this process or over HTTP.
 *
 * @throws VisibleError `SERVICE_UNAVAILABLE` if the subgraph does not answer
 */
export type AskSubgraph = (
  subgraph: string,
  request: GraphqlRequest,
  context: Partial<GatewayContext>,
) => Promise<ExecutionResult>

/** Creates the function that asks subgraphs. An outage is logged once. */
export function createAskSubgraph(clients: Clients, log: Log): AskSubgraph {
  const outageLogs = new Map(
    Object.keys(clients).map((name) => [name, createOutageLog(log, 'warn', `${name} does not answer`)]),
  )
  return async (name, request, { viewer = ANONYMOUS, work }) => {
    try {
      return await requireAddress(clients, name).execute(request, viewer, work)
    } catch (error) {
      const isOutage = error instanceof VisibleError && error.extensions.code === 'SERVICE_UNAVAILABLE'
      if (isOutage) outageLogs.get(name)?.(error)
      throw error
    }
  }
}

type Clients = Readonly<Record<string, SubgraphClient>>

/** Returns the client of a subgraph of the supergraph, or throws an error that says what to configure. */
export function requireAddress(clients: Clients, name: string): SubgraphClient {
  const client = clients[name]
  if (client) return client
  throw new Error(
    `the supergraph has a subgraph without an address: ${name}; configure it or compose the supergraph again`,
  )
}
