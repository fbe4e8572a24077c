import type { ApolloServerPlugin } from '@apollo/server'
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  ValidationContext,
  type VariableDefinitionNode,
} from 'graphql'

/**
 * Returns an error for each variable that is null but is used where null is not allowed. A validated document can do
 * that: a nullable variable may be used there if it, or the position, has a default value (GraphQL, section 5.8.5), which
 * an explicit null overrides. The answer would depend on which part of the system meets the null first.
 */
export function nullVariableErrors(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>> = {},
): GraphQLError[] {
  const isNull = (name: string) => Object.hasOwn(variables, name) && variables[name] === null
  if (!operation.variableDefinitions?.some(({ variable }) => isNull(variable.name.value))) return []
  const context = new ValidationContext(schema, document, new TypeInfo(schema), () => undefined)
  const refused = context
    .getRecursiveVariableUsages(operation)
    .filter(({ node, type }) => isNonNullType(type) && isNull(node.name.value))
  const requiredNames = new Set(
    operation.variableDefinitions.filter(isRequired).map(({ variable }) => variable.name.value),
  )
  return [...new Map(refused.map((usage) => [usage.node.name.value, usage])).values()].map(
    ({ node, type }) => {
      const name = node.name.value
      const advice = requiredNames.has(name) ? 'Give it a value.' : 'Leave it out to use the default value.'
      return new GraphQLError(
        `Variable "$${name}" must not be null, because it is used as "${type}". ${advice}`,
        { nodes: node, extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } },
      )
    },
  )
}

const isRequired = ({ type, defaultValue }: VariableDefinitionNode) =>
  type.kind === Kind.NON_NULL_TYPE && defaultValue === undefined

/** Refuses operations with variables that must not be null. */
export function refuseNullVariables(): ApolloServerPlugin {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, request }) {
          const [error] = operation ? nullVariableErrors(schema, document, operation, request.variables) : []
          if (error) throw error
        },
      }
    },
  }
}
