import type { ApolloServerPlugin } from '@apollo/server'
import { type DocumentNode, GraphQLError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql'
import { VisibleError } from '../../platform/errors.ts'
import type { GatewayContext } from '../ask-subgraph.ts'
import type { OperationMeter } from '../rate-limit/operation-limit.ts'
import { documentWeight, operationWeight } from '../rate-limit/operation-weight.ts'
import type { ListSizes } from './list-sizes.ts'
import { type OperationCost, operationCost } from './operation-cost.ts'
import { rememberCosts } from './remember-costs.ts'

/** The `extensions.code` of an operation whose cost exceeds the limit. */
export const TOO_COSTLY = 'OPERATION_TOO_COSTLY'

/**
 * Returns an error if an operation costs too much, otherwise null; see `createCostLimit`. The cost of an operation that
 * is not refused is counted by the meter, which may throw.
 */
export type CostLimit = (
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>> | null | undefined,
  meter?: OperationMeter,
) => GraphQLError | null

/**
 * Creates a limit that refuses operations whose response may have too many values.
 *
 * @param limit the highest cost that is allowed
 * @param sizes returns the list sizes; called for each operation, because the supergraph can be replaced
 */
export function createCostLimit(limit: number, sizes: () => ListSizes): CostLimit {
  const costOf = rememberCosts(operationCost)
  return (schema, document, operation, variables, meter) => {
    const cost = costOf(schema, document, operation, variables ?? {}, sizes())
    if (cost.total > limit || cost.isPartial) return tooCostly(cost, limit)
    meter?.reach(operationWeight(cost.total))
    return null
  }
}

/**
 * Creates a plugin that applies the limit to every operation before @apollo/server executes it, and counts the operation
 * against the rate limit of its viewer.
 */
export function costLimitPlugin(limit: CostLimit): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveSource({ source, contextValue: { meter } }) {
          meter?.count(documentWeight(source))
        },
        async didResolveOperation({ schema, document, operation, request, contextValue: { meter } }) {
          if (!operation) return
          const refusal = withStatus(() => limit(schema, document, operation, request.variables, meter))
          if (refusal) throw refusal
        },
        // Some operations exceed the limit only while they run. The client gets the error alone, because a partial
        // response would be useless and may be large.
        async willSendResponse({ response }) {
          const errors = response.body.kind === 'single' ? response.body.singleResult.errors : undefined
          const refusal = errors?.find(({ extensions }) => extensions?.code === TOO_COSTLY)
          if (!refusal) return
          response.http.status = 400
          response.body = { kind: 'single', singleResult: { errors: [refusal] } }
        },
      }
    },
  }
}

/** Gives the error about an exceeded rate limit the status 429. */
function withStatus<Result>(check: () => Result): Result {
  try {
    return check()
  } catch (error) {
    if (!(error instanceof VisibleError) || error.extensions.code !== 'RATE_LIMITED') throw error
    throw new GraphQLError(error.message, { extensions: { ...error.extensions, http: { status: 429 } } })
  }
}

function tooCostly({ total, heaviest, isPartial }: OperationCost, limit: number): GraphQLError {
  const size = isPartial ? `more than ${total}` : `up to ${total}`
  const where = heaviest
    ? ` Most come from "${heaviest.path}", which may hold ${heaviest.objects} items. Request smaller pages there, or fewer fields.`
    : ' Request fewer fields.'
  return new GraphQLError(
    `The operation's cost is ${size}; the limit is ${limit}. Each value of the response counts as 1.${where}`,
    {
      extensions: {
        code: TOO_COSTLY,
        cost: total,
        limit,
        ...(heaviest && { field: heaviest.path }),
        http: { status: 400 },
      },
    },
  )
}
