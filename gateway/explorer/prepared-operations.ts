import { Kind, type OperationDefinitionNode, parse, type TypeNode } from 'graphql'
import { operationNames, readOperation } from '../../schema/read-operation.ts'

/** An operation of `schema/operations/`, as a tab of the explorer. */
export type PreparedOperation = { query: string; variables: string }

// A developer who tries the product needs these first.
const FIRST = ['sign-up', 'sign-in', 'viewer', 'home']

/** Returns the product's operations, with their variables to fill in. */
export function preparedOperations(): PreparedOperation[] {
  const names = operationNames()
  const first = FIRST.filter((name) => names.includes(name))
  const others = names.filter((name) => !first.includes(name))
  return [...first, ...others].map((name) => {
    const query = readOperation(name)
    const operation = parse(query).definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION)
    const variables = operation?.kind === Kind.OPERATION_DEFINITION ? requiredVariables(operation) : {}
    return { query, variables: JSON.stringify(variables, null, 2) }
  })
}

function requiredVariables({ variableDefinitions = [] }: OperationDefinitionNode): Record<string, unknown> {
  const required = variableDefinitions.filter(({ type }) => type.kind === Kind.NON_NULL_TYPE)
  return Object.fromEntries(required.map(({ variable, type }) => [variable.name.value, placeholder(type)]))
}

function placeholder(type: TypeNode): unknown {
  if (type.kind === Kind.NON_NULL_TYPE) return placeholder(type.type)
  if (type.kind === Kind.LIST_TYPE) return []
  if (type.name.value === 'Int') return 0
  return type.name.value.endsWith('Input') ? {} : ''
}
