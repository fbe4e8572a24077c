import {
  buildSchema,
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  GraphQLScalarType,
  type GraphQLSchema,
  getDirectiveValues,
  isObjectType,
  isScalarType,
} from 'graphql'
import { z } from 'zod'
import { forbidden } from '../errors.ts'
import type { ServiceCaller } from '../identity/caller.ts'
import type { Log } from '../log.ts'
import { createExecutor, type Executor } from './executor.ts'
import { normalizeIdArguments } from './id-arguments.ts'
import { limitWork } from './work.ts'

/** The path at which a service serves its internal API. */
export const INTERNAL_PATH = '/internal/graphql'

/**
 * The operations that a service offers to other services. They are no part of the supergraph. It trusts the caller that
 * it is given: the calling code must have verified it.
 */
export type InternalApi = {
  name: string
  schema: GraphQLSchema
  execute: Executor<ServiceCaller>
}

/** What every internal resolver's context has. */
export type ServiceContext = { caller: ServiceCaller }

/** The parts of an internal API. */
export type InternalApiOptions<Context extends ServiceContext> = {
  name: string
  typeDefs: string
  // Each service's resolvers have their own generated types, whose only common supertype is `object`.
  resolvers: object
  /** Creates the context of one request: the calling service, and the loaders that batch its reads. */
  context: (caller: ServiceCaller) => Context
  log: Log
}

/** Creates the executable internal API of a service from its SDL and resolvers. */
export function createInternalApi<Context extends ServiceContext>(
  options: InternalApiOptions<Context>,
): InternalApi {
  const { name, context, log } = options
  const schema = limitWork(
    normalizeIdArguments(guardCallers(schemaWith(options.typeDefs, options.resolvers))),
  )
  return { name, schema, execute: createExecutor({ schema, context, log }) }
}

/**
 * Refuses callers that the schema does not name for a root field. That the caller is a service at all is checked for the
 * whole internal path.
 *
 * @throws Error if a root field does not say who may call it
 */
function guardCallers(schema: GraphQLSchema): GraphQLSchema {
  const roots = [schema.getQueryType(), schema.getMutationType()]
  for (const field of roots.flatMap((type) => Object.values(type?.getFields() ?? {}))) {
    const services = callersOf(schema, field)
    const resolve: GraphQLFieldResolver<unknown, ServiceContext> = field.resolve ?? defaultFieldResolver
    field.resolve = (source, args, context: ServiceContext, info) => {
      if (services.includes(context.caller.service)) return resolve(source, args, context, info)
      throw forbidden(`Only ${services.join(' and ')} may use this field.`)
    }
  }
  return schema
}

const calledBy = z.object({ services: z.array(z.string()) })

function callersOf(
  schema: GraphQLSchema,
  { name, astNode }: GraphQLField<unknown, unknown>,
): readonly string[] {
  const directive = schema.getDirective('calledBy')
  const values = directive && astNode ? getDirectiveValues(directive, astNode) : undefined
  if (!values) throw new Error(`the internal field ${name} has no @calledBy; say which services may call it`)
  return calledBy.parse(values).services
}

type Resolvers = Record<
  string,
  GraphQLScalarType | Record<string, GraphQLFieldResolver<unknown, unknown>> | undefined
>

function schemaWith(typeDefs: string, resolvers: object): GraphQLSchema {
  const schema = buildSchema(typeDefs)
  for (const [name, resolver] of Object.entries(resolvers as Resolvers)) {
    const type = schema.getType(name)
    if (isScalarType(type) && resolver instanceof GraphQLScalarType) {
      const { serialize, parseValue, parseLiteral } = resolver
      Object.assign(type, { serialize, parseValue, parseLiteral })
    } else if (isObjectType(type) && resolver && !(resolver instanceof GraphQLScalarType)) {
      const fields = type.getFields()
      for (const [fieldName, resolve] of Object.entries(resolver)) {
        const field = fields[fieldName]
        if (!field) throw new Error(`the internal schema has no field ${name}.${fieldName}`)
        field.resolve = resolve
      }
    } else throw new Error(`the internal schema has no type ${name} with such a resolver`)
  }
  return schema
}
