import {
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isIntrospectionType,
  isListType,
  isNonNullType,
  isObjectType,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql'
import { ASSUMED_SIZE, type ListSizes } from './list-sizes.ts'
import { fragmentsOf, givenValue, type MergedField, mergedFields, type Selecting } from './merged-fields.ts'

/** The estimated cost of an operation. */
export type OperationCost = {
  /** The highest cost that the response may have. If `isPartial` is true, the real cost is at least this much. */
  total: number
  /** The list with the most objects: its path of response names, and the number of objects. Null without lists. */
  heaviest: { path: string; objects: number } | null
  /** True if the operation selects so many fields that counting was stopped. */
  isPartial: boolean
}

// Counting more fields would itself take long, so the operation is refused in any case.
const MAX_COUNTED_FIELDS = 5_000
// The services refuse larger pages.
const MAX_PAGE_SIZE = 100
// An item of a page is a row that a service has to read and to decide access for, even if few of its fields are
// selected.
const ITEM_COST = 5
// Introspection reads from memory and needs no access decision.
const INTROSPECTION_COST = 0.25

/**
 * Estimates the cost of an operation before it runs, from its variables and the page sizes in the schema. Each value of
 * the response costs one, and each item of a page costs more. Sizes of nested lists multiply. Of several types that an
 * object may have, the one with the most expensive fields counts.
 */
export function operationCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
  sizeOf: ListSizes,
): OperationCost {
  const selecting = { schema, fragments: fragmentsOf(document), variables: withDefaults(operation, given) }
  const cost: OperationCost = { total: 0, heaviest: null, isPartial: false }
  let counted = 0

  const count = (
    type: GraphQLCompositeType,
    sets: readonly SelectionSetNode[],
    times: number,
    pageSize: number | null,
    path: string,
  ): number => {
    const types = isAbstractType(type) ? schema.getPossibleTypes(type) : [type]
    const totals = types.map(() => 0)
    for (const merged of mergedFields(type, sets, selecting)) {
      if (++counted > MAX_COUNTED_FIELDS) cost.isPartial = true
      if (cost.isPartial) break
      const [node] = merged.nodes
      const field = fieldOf(merged, schema)
      if (!node || !field) continue
      const at = path === '' ? nameOf(node) : `${path}.${nameOf(node)}`
      const page = requestedPage(field, merged, selecting)
      const isList = isListType(isNonNullType(field.type) ? field.type.ofType : field.type)
      const size = isList ? (page ?? pageSize ?? sizeOf(merged.type.name, field.name)) : 1
      const objects = times * size
      const ownCost = objects * weightOf(merged, isList && (page ?? pageSize) !== null)
      if (isList && objects > (cost.heaviest?.objects ?? 0)) cost.heaviest = { path: at, objects }
      const inner = getNamedType(field.type)
      const innerSets = merged.nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
      const innerCost = isCompositeType(inner)
        ? count(inner, innerSets, objects, isList ? null : page, at)
        : 0
      for (const [index, possible] of types.entries())
        if (hasField(possible, merged, schema)) totals[index] = (totals[index] ?? 0) + ownCost + innerCost
    }
    return Math.max(0, ...totals)
  }
  const root = schema.getRootType(operation.operation)
  if (root) cost.total = Math.ceil(count(root, [operation.selectionSet], 1, null, ''))
  return cost
}

/** Whether an object of a type has a field that was selected for another type, or for a type that includes it. */
function hasField(
  type: GraphQLCompositeType,
  { type: selected }: MergedField,
  schema: GraphQLSchema,
): boolean {
  if (selected === type) return true
  return isAbstractType(selected) && isObjectType(type) && schema.isSubType(selected, type)
}

function weightOf({ type, nodes }: MergedField, isPage: boolean): number {
  const isIntrospection = isIntrospectionType(type) || nodes[0]?.name.value.startsWith('__')
  return isIntrospection ? INTROSPECTION_COST : isPage ? ITEM_COST : 1
}

const nameOf = (node: MergedField['nodes'][number]) => node.alias?.value ?? node.name.value

function withDefaults(
  { variableDefinitions }: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const defaults = (variableDefinitions ?? []).map(
    ({ variable, defaultValue }) => [variable.name.value, givenValue(defaultValue, {})] as const,
  )
  const set = Object.entries(given).filter(([, value]) => value !== undefined)
  return Object.assign(Object.create(null), Object.fromEntries(defaults), Object.fromEntries(set))
}

/** Returns the page size that a field is called with, or null if the field takes none. */
function requestedPage(
  field: GraphQLField<unknown, unknown>,
  { nodes }: MergedField,
  { variables }: Selecting,
): number | null {
  const argument = field.args.find(({ name }) => name === 'first')
  if (!argument) return null
  const fallback = typeof argument.defaultValue === 'number' ? argument.defaultValue : ASSUMED_SIZE
  const node = nodes[0]?.arguments?.find(({ name }) => name.value === 'first')
  const first = givenValue(node?.value, variables) ?? fallback
  // An invalid size is refused later, as bad input.
  return typeof first === 'number' && first >= 1 ? Math.min(first, MAX_PAGE_SIZE) : MAX_PAGE_SIZE
}

function fieldOf({ type, nodes }: MergedField, schema: GraphQLSchema): GraphQLField<unknown, unknown> | null {
  const name = nodes[0]?.name.value ?? ''
  if (type === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef
  }
  return isObjectType(type) || isInterfaceType(type) ? (type.getFields()[name] ?? null) : null
}
