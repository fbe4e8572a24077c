import {
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  print,
  separateOperations,
  visit,
} from 'graphql'

const FIELD = 'notificationReceived'

/**
 * Builds the query that resolves one event of a subscription. It has the same selection, on `notification(id:)` instead
 * of `notificationReceived`, so that the event can include fields of every subgraph.
 *
 * @param document a valid document, whose `operation` is a subscription to `notificationReceived`
 * @returns the query's text, and the name of the variable for the notification's id
 */
export function eventQuery(
  document: DocumentNode,
  operation: OperationDefinitionNode,
): { query: string; idVariable: string } {
  // Other operations of the document, and fragments that only they use, would make the query invalid.
  const own = separateOperations(document)[operation.name?.value ?? ''] ?? document
  const idVariable = unusedVariable(operation)
  // Only the root has the type Subscription, so its fields are in the operation or in fragments on that type.
  const query = visit(own, {
    OperationDefinition: (node) => ({
      ...node,
      operation: OperationTypeNode.QUERY,
      variableDefinitions: [...(node.variableDefinitions ?? []), idVariableDefinition(idVariable)],
    }),
    NamedType: (node) => (node.name.value === 'Subscription' ? { ...node, name: name('Query') } : undefined),
    Field: (node) => {
      if (node.name.value !== FIELD) return undefined
      return {
        ...node,
        alias: node.alias ?? name(FIELD),
        name: name('notification'),
        arguments: [
          { kind: Kind.ARGUMENT, name: name('id'), value: { kind: Kind.VARIABLE, name: name(idVariable) } },
        ],
      }
    },
  })
  return { query: print(query), idVariable }
}

function unusedVariable({ variableDefinitions = [] }: OperationDefinitionNode): string {
  const used = new Set(variableDefinitions.map(({ variable }) => variable.name.value))
  let chosen = 'moblogNotificationId'
  while (used.has(chosen)) chosen = `${chosen}_`
  return chosen
}

const name = (value: string) => ({ kind: Kind.NAME, value }) as const

const idVariableDefinition = (variable: string) =>
  ({
    kind: Kind.VARIABLE_DEFINITION,
    variable: { kind: Kind.VARIABLE, name: name(variable) },
    type: { kind: Kind.NON_NULL_TYPE, type: { kind: Kind.NAMED_TYPE, name: name('ID') } },
  }) as const
