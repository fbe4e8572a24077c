import {
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
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

/** What an operation may cost. */
export type OperationCost = {
  /** How many values its response may have at most; at least as many where `isPartial`. */
  total: number
  /** The list that brings the most objects, as a path of response names, and how many. */
  heaviest: { path: string; objects: number } | null
  /** It selects so many fields that counting was given up. */
  isPartial: boolean
}

// Where even counting would take long, the operation is too costly whatever comes of it.
const MAX_COUNTED_FIELDS = 5_000
// Larger pages are refused by the services.
const MAX_PAGE_SIZE = 100
// An item of a page is a row that has to be read and decided about, however few of its fields are asked for.
const ITEM_COST = 5
// What introspection returns is in memory, and nobody decides about it.
const INTROSPECTION_COST = 0.25

/**
 * Computes what an operation may cost from its variables and from the schema's page sizes, before it is run: one for
 * each value of the response, and more for each item of a page. Sizes of nested lists multiply.
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
  ) => {
    for (const merged of mergedFields(type, sets, selecting)) {
      if (++counted > MAX_COUNTED_FIELDS) cost.isPartial = true
      if (cost.isPartial) return
      const [node] = merged.nodes
      const field = fieldOf(merged, schema)
      if (!node || !field) continue
      const at = path === '' ? nameOf(node) : `${path}.${nameOf(node)}`
      const page = requestedPage(field, merged, selecting)
      const isList = isListType(isNonNullType(field.type) ? field.type.ofType : field.type)
      const size = isList ? (page ?? pageSize ?? sizeOf(merged.type.name, field.name)) : 1
      const objects = times * size
      cost.total += objects * weightOf(merged, isList && (page ?? pageSize) !== null)
      if (isList && objects > (cost.heaviest?.objects ?? 0)) cost.heaviest = { path: at, objects }
      const inner = getNamedType(field.type)
      const innerSets = merged.nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
      if (isCompositeType(inner)) count(inner, innerSets, objects, isList ? null : page, at)
    }
  }
  const root = schema.getRootType(operation.operation)
  if (root) count(root, [operation.selectionSet], 1, null, '')
  cost.total = Math.ceil(cost.total)
  return cost
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

/** The size of the page that a field is asked for; null where it takes none. */
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
  // What is no size at all is refused later, as bad input.
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
