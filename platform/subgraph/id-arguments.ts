import {
  defaultFieldResolver,
  type GraphQLArgument,
  GraphQLID,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import { normalId } from '../ids.ts'

type Normalize = (value: unknown) => unknown

/**
 * Passes all id arguments to resolvers in the spelling of stored ids. PostgreSQL finds a UUID in any letter case, but a
 * `Map` of rows by id does not. Without this, half of an object's fields would behave as if the object did not exist.
 */
export function normalizeIdArguments(schema: GraphQLSchema): GraphQLSchema {
  const normalizerOf = createNormalizers()
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue
    for (const field of Object.values(type.getFields())) {
      const normalize = forFields(field.args, normalizerOf)
      if (!normalize) continue
      const resolve = field.resolve ?? defaultFieldResolver
      field.resolve = (source, args, context, info) => resolve(source, normalize(args), context, info)
    }
  }
  return schema
}

// Returns null for a type that contains no ids, so most fields are not wrapped.
function createNormalizers(): (type: GraphQLInputType) => Normalize | null {
  const known = new Map<GraphQLInputType, Normalize | null>()
  const normalizerOf = (type: GraphQLInputType): Normalize | null => {
    const before = known.get(type)
    if (before !== undefined) return before
    // A placeholder for an input type that contains itself.
    known.set(type, (value) => known.get(type)?.(value) ?? value)
    const made = make(type)
    known.set(type, made)
    return made
  }
  const make = (type: GraphQLInputType): Normalize | null => {
    if (type === GraphQLID) return (value) => (typeof value === 'string' ? normalId(value) : value)
    if (isNonNullType(type)) return normalizerOf(type.ofType)
    if (isListType(type)) {
      const item = normalizerOf(type.ofType)
      return item && ((value) => (Array.isArray(value) ? value.map(item) : value))
    }
    if (!isInputObjectType(type)) return null
    const fields = forFields(Object.values(type.getFields()), normalizerOf)
    return fields && ((value) => (typeof value === 'object' && value !== null ? fields(value) : value))
  }
  return normalizerOf
}

function forFields(
  fields: readonly (GraphQLArgument | GraphQLInputField)[],
  normalizerOf: (type: GraphQLInputType) => Normalize | null,
): (<Values extends object>(values: Values) => Values) | null {
  const normalizers = fields.flatMap(({ name, type }) => {
    const normalize = normalizerOf(type)
    return normalize ? [{ name, normalize }] : []
  })
  if (normalizers.length === 0) return null
  return (values) => {
    const normal: Record<string, unknown> = {}
    for (const { name, normalize } of normalizers) {
      if (name in values) normal[name] = normalize((values as Record<string, unknown>)[name])
    }
    return { ...values, ...normal }
  }
}
