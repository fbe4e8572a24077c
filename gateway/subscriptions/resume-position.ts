import { type DocumentNode, Kind, type OperationDefinitionNode, type ValueNode, visit } from 'graphql'
import { SUBSCRIPTION_FIELD } from './event-query.ts'

const ARGUMENT = 'after'

/**
 * Returns the position from which a subscription continues: the argument `after` of `notificationReceived`. Null if the
 * subscription starts with the next notification.
 *
 * @param document a valid document with this `operation` alone, which is a subscription to `notificationReceived`
 */
export function resumePosition(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): string | null {
  let found: ValueNode | undefined
  // The field exists only on the type Subscription. A valid subscription selects it once, or with equal arguments.
  visit(document, {
    Field(node) {
      if (node.name.value === SUBSCRIPTION_FIELD) {
        found ??= node.arguments?.find(({ name }) => name.value === ARGUMENT)?.value
      }
      return false
    },
  })
  return found ? idOf(found, operation, variables) : null
}

function idOf(
  value: ValueNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): string | null {
  if (value.kind === Kind.STRING || value.kind === Kind.INT) return value.value
  if (value.kind !== Kind.VARIABLE) return null
  const name = value.name.value
  const given = variables[name]
  if (typeof given === 'string' || typeof given === 'number') return String(given)
  if (given !== undefined) return null
  const definition = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name)
  return definition?.defaultValue ? idOf(definition.defaultValue, operation, variables) : null
}
