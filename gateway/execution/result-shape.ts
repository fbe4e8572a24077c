import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLLeafType,
  type GraphQLNullableType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'

/** The coerced values of an operation's variables, by name. */
export type Variables = Readonly<Record<string, unknown>>

/** Data as subgraphs return it: objects by response name. */
export type Data = Record<string, unknown>

/** What a null in a non-null position makes of the value around it. */
const INVALID = Symbol('null in a non-null position')

/** Takes from a value what the client asked for. A missing value counts as null. */
type Shape = (value: unknown) => unknown

/** The parts of an operation from which shapes are compiled. */
type Source = {
  schema: GraphQLSchema
  fragments: ReadonlyMap<string, FragmentDefinitionNode>
  variables: Variables
}

/**
 * Compiles a function that turns the merged data of all subgraphs into the operation's `data`: only the fields that the
 * client asked for, in its order, with nulls moved up to the next nullable field (GraphQL specification, section 6.4.4).
 *
 * @param variables decide @skip and @include; the function is valid for all variables with the same decisions
 * @returns a function that returns null if a non-null root field is missing
 */
export function compileShape(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): (data: Data) => Data | null {
  const type = schema.getRootType(operation.operation)
  if (!type) throw new GraphQLError(`The schema has no ${operation.operation} type.`)
  const fragments = new Map(
    document.definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((definition) => [definition.name.value, definition]),
  )
  const shape = objectShape({ schema, fragments, variables }, type, [operation.selectionSet])
  return (data) => {
    const shaped = shape(data)
    return shaped === INVALID ? null : (shaped as Data)
  }
}

function objectShape(
  source: Source,
  type: GraphQLObjectType,
  selections: readonly SelectionSetNode[],
): Shape {
  const fields = [...collectFields(source, type, selections)].map(([key, nodes]) => {
    const name = nodes[0]?.name.value ?? ''
    const field = type.getFields()[name]
    const sets = nodes.flatMap(({ selectionSet = [] }) => selectionSet)
    return { key, shape: field ? shapeOf(source, field.type, sets) : () => type.name }
  })
  return (value) => {
    const given = value as Data
    const shaped: Data = {}
    for (const { key, shape } of fields) {
      const part = shape(given[key])
      if (part === INVALID) return INVALID
      shaped[key] = part
    }
    return shaped
  }
}

function shapeOf(source: Source, type: GraphQLOutputType, selections: readonly SelectionSetNode[]): Shape {
  if (!isNonNullType(type)) return nullableShape(source, type, selections)
  const inner = nullableShape(source, type.ofType, selections)
  return (value) => inner(value) ?? INVALID
}

function nullableShape(
  source: Source,
  type: GraphQLNullableType & GraphQLOutputType,
  selections: readonly SelectionSetNode[],
): Shape {
  if (isListType(type)) return listShape(shapeOf(source, type.ofType, selections))
  if (isLeafType(type)) {
    const isValid = leafCheck(type)
    return (value) => (value !== undefined && isValid(value) ? value : null)
  }
  if (isObjectType(type)) return nullable(objectShape(source, type, selections))
  return nullable(abstractShape(source, selections))
}

const nullable =
  (shape: Shape): Shape =>
  (value) => {
    if (value === null || value === undefined) return null
    const shaped = shape(value)
    return shaped === INVALID ? null : shaped
  }

function listShape(item: Shape): Shape {
  return (value) => {
    if (!Array.isArray(value)) return null
    const shaped: unknown[] = new Array(value.length)
    for (let index = 0; index < value.length; index++) {
      const part = item(value[index])
      if (part === INVALID) return null
      shaped[index] = part
    }
    return shaped
  }
}

// The planner asks subgraphs for `__typename` wherever the type of an object is not known from the schema.
function abstractShape(source: Source, selections: readonly SelectionSetNode[]): Shape {
  const shapes = new Map<unknown, Shape>()
  return (value) => {
    const { __typename: name } = value as Data
    const known = shapes.get(name)
    if (known) return known(value)
    const type = typeof name === 'string' ? source.schema.getType(name) : undefined
    if (!isObjectType(type)) return INVALID
    const shape = objectShape(source, type, selections)
    shapes.set(name, shape)
    return shape(value)
  }
}

// Subgraphs may return what the public schema does not have, such as an enum value that is marked as inaccessible.
function leafCheck(type: GraphQLLeafType): (value: unknown) => boolean {
  if (isEnumType(type)) return (value) => typeof value === 'string' && type.getValue(value) !== undefined
  switch (type.name) {
    case 'Int':
      return Number.isInteger
    case 'Float':
      return Number.isFinite
    case 'Boolean':
      return (value) => typeof value === 'boolean'
    case 'String':
      return (value) => typeof value === 'string'
    case 'ID':
      return (value) => typeof value === 'string' || Number.isInteger(value)
    default:
      return () => true
  }
}

type Field = Extract<SelectionNode, { kind: Kind.FIELD }>

function collectFields(
  source: Source,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
  fields = new Map<string, Field[]>(),
): Map<string, Field[]> {
  for (const selection of sets.flatMap(({ selections }) => selections)) {
    if (!isIncluded(selection, source.variables)) continue
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value
      const same = fields.get(key)
      if (same) same.push(selection)
      else fields.set(key, [selection])
      continue
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : source.fragments.get(selection.name.value)
    if (fragment && applies(source.schema, fragment.typeCondition?.name.value, type))
      collectFields(source, type, [fragment.selectionSet], fields)
  }
  return fields
}

function applies(schema: GraphQLSchema, condition: string | undefined, type: GraphQLObjectType): boolean {
  if (condition === undefined || condition === type.name) return true
  const abstract = schema.getType(condition)
  return isAbstractType(abstract) && schema.isSubType(abstract, type)
}

/** Whether the directives @skip and @include of a field or fragment let it into the response. */
export function isIncluded({ directives = [] }: SelectionNode, variables: Variables): boolean {
  return directives.every(({ name, arguments: [condition] = [] }) => {
    if (name.value !== 'skip' && name.value !== 'include') return true
    const value = condition?.value
    const isTrue =
      value?.kind === Kind.VARIABLE
        ? variables[value.name.value] === true
        : value?.kind === Kind.BOOLEAN && value.value
    return isTrue === (name.value === 'include')
  })
}
