import type { QueryPlanSelectionNode } from '@apollo/query-planner'
import { type GraphQLSchema, isAbstractType, isObjectType } from 'graphql'
import { isData, mergeInto } from './merge.ts'
import type { Data } from './result-shape.ts'

/** Takes the representation of an entity from its data; null if a field that it needs is missing. */
export type ReadRepresentation = (entity: Data) => Data | null

/**
 * Compiles the selection that a fetch requires of the entities it completes.
 *
 * @param supergraph the schema of all subgraphs together, which also has types that clients may not know
 */
export function compileRepresentation(
  supergraph: GraphQLSchema,
  selections: readonly QueryPlanSelectionNode[],
): ReadRepresentation {
  const parts = selections.map((selection): ((entity: Data, into: Data) => boolean) => {
    if (selection.kind === 'InlineFragment') {
      const { typeCondition } = selection
      if (typeCondition === undefined) return () => true
      const read = compileRepresentation(supergraph, selection.selections)
      const matches = typeMatcher(supergraph, typeCondition)
      return (entity, into) => {
        const fields = matches(entity.__typename) ? read(entity) : null
        if (fields) mergeInto(into, fields)
        return true
      }
    }
    const key = selection.alias ?? selection.name
    const read = selection.selections ? nested(compileRepresentation(supergraph, selection.selections)) : asIs
    return (entity, into) => {
      const value = entity[key]
      if (value === undefined) return false
      into[key] = Array.isArray(value) ? value.map(read) : read(value)
      return true
    }
  })
  return (entity) => {
    const representation: Data = {}
    return parts.every((part) => part(entity, representation)) ? representation : null
  }
}

const asIs = (value: unknown) => value
const nested = (read: ReadRepresentation) => (value: unknown) => (isData(value) ? read(value) : null)

function typeMatcher(schema: GraphQLSchema, condition: string): (typename: unknown) => boolean {
  const type = schema.getType(condition)
  return (typename) => {
    if (typename === condition) return true
    const actual = typeof typename === 'string' ? schema.getType(typename) : undefined
    return isAbstractType(type) && isObjectType(actual) && schema.isSubType(type, actual)
  }
}
