import {
  buildSchema,
  type GraphQLFieldResolver,
  GraphQLScalarType,
  type GraphQLSchema,
  isObjectType,
  isScalarType,
} from 'graphql'
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
  const schema = limitWork(normalizeIdArguments(schemaWith(options.typeDefs, options.resolvers)))
  return { name, schema, execute: createExecutor({ schema, context, log }) }
}

/**
 * Requires that the caller is one of some services. That the caller is a service at all is checked for the whole
 * internal path.
 *
 * @throws VisibleError `FORBIDDEN`
 */
export function requireService(caller: ServiceCaller, ...services: string[]): void {
  if (!services.includes(caller.service))
    throw forbidden(`Only ${services.join(' and ')} may use this field.`)
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
