import type { ApolloServerPlugin } from '@apollo/server'
import { type DocumentNode, GraphQLError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql'
import type { ListSizes } from './list-sizes.ts'
import { type OperationCost, operationCost } from './operation-cost.ts'

/** The `extensions.code` of an operation whose cost exceeds the limit. */
export const TOO_COSTLY = 'OPERATION_TOO_COSTLY'

/** Returns an error if an operation costs too much, otherwise null; see `createCostLimit`. */
export type CostLimit = (
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>> | null | undefined,
) => GraphQLError | null

/**
 * Creates a limit that refuses operations whose response may have too many values.
 *
 * @param limit the highest cost that is allowed
 * @param sizes returns the list sizes; called for each operation, because the supergraph can be replaced
 */
export function createCostLimit(limit: number, sizes: () => ListSizes): CostLimit {
  return (schema, document, operation, variables) => {
    const cost = operationCost(schema, document, operation, variables ?? {}, sizes())
    return cost.total > limit || cost.isPartial ? tooCostly(cost, limit) : null
  }
}

/** Creates a plugin that applies the limit to every operation before @apollo/server executes it. */
export function costLimitPlugin<Context extends object>(limit: CostLimit): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, request }) {
          const refusal = operation ? limit(schema, document, operation, request.variables) : null
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
