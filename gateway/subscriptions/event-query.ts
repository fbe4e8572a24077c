import {
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  print,
  separateOperations,
  visit,
} from 'graphql'

/** The root field of all subscriptions. */
export const SUBSCRIPTION_FIELD = 'notificationReceived'

/**
 * Builds the query that resolves one event of a subscription. It has the same selection, on `notification(id:)` instead
 * of `notificationReceived`, so that the event can include fields of every subgraph.
 *
 * @param document a valid document with this `operation` alone, which is a subscription to `notificationReceived`
 * @returns the query's text, and the name of the variable for the notification's id
 */
export function eventQuery(
  document: DocumentNode,
  operation: OperationDefinitionNode,
): { query: string; idVariable: string } {
  const idVariable = unusedVariable(operation)
  // Only the root has the type Subscription, so its fields are in the operation or in fragments on that type.
  const query = visit(document, {
    OperationDefinition: (node) => ({
      ...node,
      operation: OperationTypeNode.QUERY,
      variableDefinitions: [...(node.variableDefinitions ?? []), idVariableDefinition(idVariable)],
    }),
    NamedType: (node) => (node.name.value === 'Subscription' ? { ...node, name: name('Query') } : undefined),
    Field: (node) => {
      if (node.name.value !== SUBSCRIPTION_FIELD) return undefined
      return {
        ...node,
        alias: node.alias ?? name(SUBSCRIPTION_FIELD),
        name: name('notification'),
        arguments: [
          { kind: Kind.ARGUMENT, name: name('id'), value: { kind: Kind.VARIABLE, name: name(idVariable) } },
        ],
      }
    },
  })
  return { query: print(withoutUnusedVariables(query)), idVariable }
}

// The query lacks the arguments of the subscription's field, and a variable that is not used would make it invalid.
function withoutUnusedVariables(document: DocumentNode): DocumentNode {
  const used = new Set<string>()
  visit(document, {
    VariableDefinition: () => false,
    Variable: (node) => void used.add(node.name.value),
  })
  return visit(document, {
    VariableDefinition: (node) => (used.has(node.variable.name.value) ? false : null),
  })
}

/** Returns a document with one operation and the fragments that it uses, without everything else of the document. */
export function documentOf(document: DocumentNode, operation: OperationDefinitionNode): DocumentNode {
  return separateOperations(document)[operation.name?.value ?? ''] ?? document
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
