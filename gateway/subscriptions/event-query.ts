import {
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  print,
  visit,
} from 'graphql'

const ID_VARIABLE = 'moblogNotificationId'

/**
 * The query that resolves one event of a subscription: the same selection, on `notification(id:)` in place of
 * `notificationReceived`, so that it may ask for fields of any subgraph.
 *
 * @param document a valid document, whose `operation` is a subscription to `notificationReceived`
 * @returns the query's text, and the name of the variable that takes the notification's id
 */
export function eventQuery(
  document: DocumentNode,
  operation: OperationDefinitionNode,
): { query: string; idVariable: string } {
  const query = visit(operation, {
    OperationDefinition: (node) => ({
      ...node,
      operation: OperationTypeNode.QUERY,
      variableDefinitions: [...(node.variableDefinitions ?? []), idVariableDefinition],
    }),
    Field: (node) => {
      if (node.name.value !== 'notificationReceived') return undefined
      return {
        ...node,
        alias: node.alias ?? name('notificationReceived'),
        name: name('notification'),
        arguments: [
          { kind: Kind.ARGUMENT, name: name('id'), value: { kind: Kind.VARIABLE, name: name(ID_VARIABLE) } },
        ],
      }
    },
  })
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)
  return {
    query: print({ kind: Kind.DOCUMENT, definitions: [query, ...fragments] }),
    idVariable: ID_VARIABLE,
  }
}

const name = (value: string) => ({ kind: Kind.NAME, value }) as const

const idVariableDefinition = {
  kind: Kind.VARIABLE_DEFINITION,
  variable: { kind: Kind.VARIABLE, name: name(ID_VARIABLE) },
  type: { kind: Kind.NON_NULL_TYPE, type: { kind: Kind.NAMED_TYPE, name: name('ID') } },
} as const
