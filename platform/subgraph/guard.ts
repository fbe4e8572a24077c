import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isUnionType,
} from 'graphql'
import type { LimitWrite } from '../allowances/write-limits.ts'
import { VisibleError } from '../errors.ts'
import type { Viewer } from '../identity/caller.ts'
import { createKeyReader } from './entity-keys.ts'

/** What every public resolver's context has. */
export type ViewerContext = {
  caller: Viewer
  /** Called before each mutation of an operation: forgets what loaders remember from the one before. */
  renew?: () => void
}

/**
 * Adds checks to the root fields: each mutation counts against the viewer's limit, and entity representations are
 * reduced to their keys. The checks are in this one place, so a new field is limited by default. Each mutation of an operation
 * begins without what loaders remember from the one before.
 *
 * @param limitWrite null for a subgraph that does not limit mutations
 */
export function guardRootFields(schema: GraphQLSchema, limitWrite: LimitWrite | null): GraphQLSchema {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const resolve = afresh(field.resolve ?? defaultFieldResolver)
    field.resolve = limitWrite ? limited(resolve, limitWrite) : resolve
  }
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

// The fields of a mutation are executed one after the other, each with all that is below it (GraphQL specification, 6.2.2).
function afresh(
  resolve: GraphQLFieldResolver<unknown, ViewerContext>,
): GraphQLFieldResolver<unknown, ViewerContext> {
  return (source, args, context, info) => {
    context.renew?.()
    return resolve(source, args, context, info)
  }
}

function limited(
  resolve: GraphQLFieldResolver<unknown, ViewerContext>,
  limitWrite: LimitWrite,
): GraphQLFieldResolver<unknown, ViewerContext> {
  return async (source, args, context, info) => {
    try {
      await limitWrite(context.caller, info.fieldName)
    } catch (error) {
      return asFailure(error, info.returnType)
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
