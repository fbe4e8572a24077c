import type { GraphQLSchema, OperationDefinitionNode } from 'graphql'
import type { operationCost } from './operation-cost.ts'

type CostOf = typeof operationCost
type Cost = ReturnType<CostOf>

// Variables that decide on fields or page sizes have few values.
const MAX_PER_OPERATION = 16

/**
 * Makes a function remember the costs of operations, because counting takes some percent of the time that a screen's query
 * takes. Costs are forgotten together with the parsed operation.
 */
export function rememberCosts(count: CostOf): CostOf {
  const ofSchemas = new WeakMap<GraphQLSchema, WeakMap<OperationDefinitionNode, Map<string, Cost>>>()
  return (schema, document, operation, given, sizeOf) => {
    const ofOperations = ofSchemas.get(schema) ?? new WeakMap<OperationDefinitionNode, Map<string, Cost>>()
    ofSchemas.set(schema, ofOperations)
    const costs = ofOperations.get(operation) ?? new Map<string, Cost>()
    ofOperations.set(operation, costs)
    const key = keyOf(operation, given)
    const known = costs.get(key)
    if (known) return known
    const cost = count(schema, document, operation, given, sizeOf)
    if (costs.size === MAX_PER_OPERATION) costs.clear()
    costs.set(key, cost)
    return cost
  }
}

/** The values that a cost may depend on: page sizes are numbers, and conditions are booleans. */
function keyOf(
  { variableDefinitions = [] }: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
) {
  return variableDefinitions
    .map(({ variable }) => {
      const value = given[variable.name.value]
      return typeof value === 'number' || typeof value === 'boolean' || value === null ? value : typeof value
    })
    .map(String)
    .join()
}
