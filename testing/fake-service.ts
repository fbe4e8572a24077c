import {
  buildSchema,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql'
import { createLog } from '../platform/log.ts'
import type { GraphqlRequest } from '../platform/subgraph/executor.ts'
import { createInternalApi, type InternalApi } from '../platform/subgraph/internal-api.ts'
import { internalSdl } from '../schema/subgraph-sdl.ts'

// Fakes of other services. They answer as the real internal schema allows, so a test cannot rely on a field or a value
// that the real service does not have.

/** Answers a request to the internal API of a service. */
export type Answer = (request: GraphqlRequest) => Promise<ExecutionResult>

type RootResolvers = Record<string, GraphQLFieldResolver<unknown, unknown>>

/** Resolvers of a fake service: of root fields, and its scalars. */
export type FakeResolvers = { Query?: RootResolvers; Mutation?: RootResolvers } & Record<string, object>

/** Creates a fake service from resolvers. A request fails if a resolver returns a field that the real schema lacks. */
export function createFakeService(name: string, resolvers: FakeResolvers): InternalApi {
  const typeDefs = internalSdl(name)
  const schema = buildSchema(typeDefs)
  const checked = (['Query', 'Mutation'] as const).flatMap((root) => {
    const [type, fields] = [schema.getType(root), resolvers[root]]
    return isObjectType(type) && fields ? [[root, withKnownFields(type, fields)]] : []
  })
  return createInternalApi({
    name,
    typeDefs,
    resolvers: { ...resolvers, ...Object.fromEntries(checked) },
    context: (caller) => ({ caller }),
    log: createLog(name, 'silent'),
  })
}

function withKnownFields(root: GraphQLObjectType, resolvers: RootResolvers): RootResolvers {
  const checked: RootResolvers = {}
  for (const [field, resolve] of Object.entries(resolvers)) {
    checked[field] = async (...args) => {
      const value: unknown = await resolve(...args)
      const type = root.getFields()[field]?.type
      if (type) requireKnownFields(type, value)
      return value
    }
  }
  return checked
}

/**
 * Makes a function that answers for a service answer as the real schema allows. A request that is not valid, and an
 * answer with unknown fields, missing fields or invalid values, result in errors. Null as data stands for a failure.
 */
export function onRealSchema(service: string, answer: Answer): Answer {
  const schema = buildSchema(internalSdl(service))
  return async (request) => {
    const document = parse(request.query)
    const invalid = validate(schema, document)
    if (invalid.length > 0) return { data: null, errors: invalid }
    const given = await answer(request)
    if (given.errors || !given.data) return given
    const answered = await execute({
      schema,
      document,
      rootValue: given.data,
      variableValues: request.variables,
      fieldResolver: (source, _args, _context, { path }) => source[path.key],
    })
    const unknown = answered.errors ? null : unknownField(schema, document.definitions, given.data, answered)
    return unknown ? { data: null, errors: [unknown] } : answered
  }
}

/** Answers that every operation was done: true for each root field of the request. */
export const confirm: Answer = async ({ query }) => ({
  data: Object.fromEntries(
    rootOf(parse(query).definitions)?.selectionSet.selections.flatMap((field) =>
      field.kind === Kind.FIELD ? [[field.alias?.value ?? field.name.value, true]] : [],
    ) ?? [],
  ),
})

type Definitions = ReturnType<typeof parse>['definitions']

function rootOf(definitions: Definitions): OperationDefinitionNode | undefined {
  return definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)
}

/** Returns an error about a field of the given data that the schema lacks. Data of other root fields is ignored. */
function unknownField(
  schema: GraphQLSchema,
  definitions: Definitions,
  given: Record<string, unknown>,
  answered: ExecutionResult,
): GraphQLError | null {
  const operation = rootOf(definitions)
  const root = operation && schema.getRootType(operation.operation)
  try {
    for (const field of Object.keys(answered.data ?? {})) {
      const type = root?.getFields()[field]?.type
      if (type) requireKnownFields(type, given[field])
    }
    return null
  } catch (error) {
    return new GraphQLError(error instanceof Error ? error.message : String(error))
  }
}

/** @throws Error if an object has a field that its type in the schema lacks, or is none */
function requireKnownFields(type: GraphQLOutputType, value: unknown): void {
  const named = getNamedType(type)
  if (!isObjectType(named) || value === null || value === undefined) return
  if (Array.isArray(value)) {
    for (const item of value) requireKnownFields(type, item)
    return
  }
  if (typeof value !== 'object') throw new Error(`the fake returns ${value} as ${named.name}`)
  const fields = named.getFields()
  for (const [name, inner] of Object.entries(value)) {
    const field = fields[name]
    if (!field) throw new Error(`the fake returns ${named.name}.${name}, which the real schema lacks`)
    requireKnownFields(field.type, inner)
  }
}
