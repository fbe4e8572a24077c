import { type GraphQLSchema, isObjectType, Kind } from 'graphql'
import { badInput } from '../errors.ts'
import { normalId } from '../ids.ts'

/** An entity's key, and nothing else about the entity. */
export type EntityKey = { __typename: string } & Record<string, string>

/**
 * Creates a function that reduces an entity representation to its key.
 *
 * A gateway builds representations from the response to the client's operation. An alias in that operation can put any
 * value beside any key. Resolvers therefore get only the key, and a key is only a question: it proves nothing about the
 * viewer.
 *
 * @throws Error if the schema has keys that cannot be reduced: nested keys, or fields that require other fields
 */
export function createKeyReader(schema: GraphQLSchema): (representation: unknown) => EntityKey {
  const keysByType = new Map<string, string[][]>()
  for (const type of Object.values(schema.getTypeMap())) {
    if (isObjectType(type)) keysByType.set(type.name, keysOf(type))
  }
  return (representation) => {
    if (!isRecord(representation)) throw badInput('The entity representation is not an object.')
    const { __typename } = representation
    const keys = typeof __typename === 'string' ? keysByType.get(__typename) : undefined
    if (typeof __typename !== 'string' || !keys?.length) {
      throw badInput(
        'The "__typename" of the entity representation is not a type of this service with a key.',
      )
    }
    for (const fields of keys) {
      const key = readKey(__typename, fields, representation)
      if (key) return key
    }
    throw badInput(
      `The representation of ${__typename} lacks its key. Send as strings: ${keys.join(' or ')}.`,
    )
  }
}

function readKey(
  __typename: string,
  fields: readonly string[],
  representation: Record<string, unknown>,
): EntityKey | null {
  const key: EntityKey = { __typename }
  for (const name of fields) {
    const value = representation[name]
    if (typeof value !== 'string' && !Number.isInteger(value)) return null
    key[name] = normalId(String(value))
  }
  return key
}

type ObjectType = Extract<ReturnType<GraphQLSchema['getType']>, { getInterfaces: unknown; isTypeOf: unknown }>

function keysOf(type: ObjectType): string[][] {
  for (const { name, astNode } of Object.values(type.getFields())) {
    if (astNode?.directives?.some((directive) => directive.name.value === 'requires')) {
      throw new Error(
        `${type.name}.${name} must not rely on @requires: query the service that owns the value`,
      )
    }
  }
  const directives = [type.astNode, ...type.extensionASTNodes].flatMap((node) => node?.directives ?? [])
  return directives.flatMap((directive) => {
    if (directive.name.value !== 'key') return []
    const fields = directive.arguments?.find(({ name }) => name.value === 'fields')?.value
    const text = fields?.kind === Kind.STRING ? fields.value : ''
    if (!/^\s*\w+(\s+\w+)*\s*$/.test(text)) throw new Error(`the key of ${type.name} must name plain fields`)
    return [text.trim().split(/\s+/)]
  })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
