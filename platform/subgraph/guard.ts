import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isUnionType,
} from 'graphql'
import type { LimitWrite } from '../allowances/write-limits.ts'
import { forbidden, VisibleError } from '../errors.ts'
import type { Caller } from '../identity/caller.ts'
import { createKeyReader } from './entity-keys.ts'

/** What every subgraph's context has. */
export type CallerContext = { caller: Caller }

// Federation's own root fields serve the gateway and, when the schema is read, any service.
const OPEN_TO_BOTH = new Set(['_entities', '_service'])

/**
 * Adds a check to every root field that refuses the wrong kind of caller. Fields marked `@inaccessible` are for
 * services; all others are for viewers, whose mutations are counted. The checks are in this one place, so a new field
 * is guarded and limited by default.
 *
 * @param limitWrite null for a subgraph that does not limit mutations
 */
export function guardRootFields(schema: GraphQLSchema, limitWrite: LimitWrite | null): GraphQLSchema {
  const [query, mutation] = [schema.getQueryType(), schema.getMutationType()]
  if (query) guardFieldsOf(query, null)
  if (mutation) guardFieldsOf(mutation, limitWrite)
  guardEntities(schema)
  return schema
}

function guardEntities(schema: GraphQLSchema): void {
  const field = schema.getQueryType()?.getFields()._entities
  if (!field) return
  const keyOf = createKeyReader(schema)
  const resolve = field.resolve ?? defaultFieldResolver
  field.resolve = (source, { representations }: { representations: readonly unknown[] }, context, info) =>
    resolve(source, { representations: representations.map(keyOf) }, context, info)
}

function guardFieldsOf(type: GraphQLObjectType, limitWrite: LimitWrite | null): void {
  for (const field of Object.values(type.getFields())) {
    if (OPEN_TO_BOTH.has(field.name)) continue
    const internal = field.astNode?.directives?.some(({ name }) => name.value === 'inaccessible') ?? false
    const resolve = field.resolve ?? defaultFieldResolver
    field.resolve = internal
      ? guarded(resolve, 'service')
      : guarded(limitWrite ? limited(resolve, limitWrite) : resolve, 'viewer')
  }
}

function guarded(
  resolve: GraphQLFieldResolver<unknown, CallerContext>,
  kind: Caller['kind'],
): GraphQLFieldResolver<unknown, CallerContext> {
  return (source, args, context, info) => {
    if (context.caller.kind !== kind) throw forbidden(`Only ${kind}s may use the field "${info.fieldName}".`)
    return resolve(source, args, context, info)
  }
}

function limited(
  resolve: GraphQLFieldResolver<unknown, CallerContext>,
  limitWrite: LimitWrite,
): GraphQLFieldResolver<unknown, CallerContext> {
  return async (source, args, context, info) => {
    if (context.caller.kind === 'viewer') {
      try {
        await limitWrite(context.caller, info.fieldName)
      } catch (error) {
        return asFailure(error, info.returnType)
      }
    }
    return resolve(source, args, context, info)
  }
}

// Returns a refused mutation as a `RequestFailed` member of its result union. An error would also discard the results
// of the other mutations in the same operation.
function asFailure(error: unknown, type: GraphQLOutputType) {
  const result = getNamedType(type)
  const isTyped = isUnionType(result) && result.getTypes().some(({ name }) => name === 'RequestFailed')
  if (!isTyped || !(error instanceof VisibleError) || error.extensions.code !== 'RATE_LIMITED') throw error
  const { message, extensions } = error
  const { code, retryAfterSeconds } = extensions
  return { __typename: 'RequestFailed', code, message, retryAfterSeconds }
}
