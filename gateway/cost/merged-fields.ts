import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  isCompositeType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql'

/** The input for finding out which fields an operation selects. */
export type Selecting = {
  schema: GraphQLSchema
  fragments: ReadonlyMap<string, FragmentDefinitionNode>
  variables: Readonly<Record<string, unknown>>
}

/** The nodes that select one field of one type under one response name. */
export type MergedField = { type: GraphQLCompositeType; nodes: FieldNode[] }

/** Returns the fragments of a document by name. */
export function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
    ),
  )
}

/**
 * Returns the fields that several selection sets on a type select together, merged in the same way as execution merges
 * them. Only execution knows which type an object has, so fields of all types are returned, with the type.
 */
export function mergedFields(
  type: GraphQLCompositeType,
  sets: readonly SelectionSetNode[],
  selecting: Selecting,
): MergedField[] {
  const merged = new Map<string, MergedField>()
  const spread = new Set<string>()

  const collect = (parent: GraphQLCompositeType, set: SelectionSetNode) => {
    for (const selection of set.selections) {
      if (isLeftOut(selection, selecting)) continue
      if (selection.kind === Kind.FIELD) {
        const key = `${parent.name}.${selection.alias?.value ?? selection.name.value}`
        const known = merged.get(key)
        if (known) known.nodes.push(selection)
        else merged.set(key, { type: parent, nodes: [selection] })
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        collect(typeNamed(selection.typeCondition?.name.value, parent, selecting), selection.selectionSet)
      } else {
        const { value: name } = selection.name
        const fragment = selecting.fragments.get(name)
        if (!fragment || spread.has(name)) continue
        spread.add(name)
        collect(typeNamed(fragment.typeCondition.name.value, parent, selecting), fragment.selectionSet)
      }
    }
  }
  for (const set of sets) collect(type, set)
  return [...merged.values()]
}

/** Returns the value of an argument as the client sent it, or undefined if it sent none. */
export function givenValue(value: ValueNode | undefined, variables: Selecting['variables']): unknown {
  switch (value?.kind) {
    case Kind.VARIABLE:
      return variables[value.name.value]
    case Kind.INT:
      return Number(value.value)
    case Kind.BOOLEAN:
      return value.value
    case Kind.NULL:
      return null
    default:
      return undefined
  }
}

function typeNamed(
  name: string | undefined,
  parent: GraphQLCompositeType,
  { schema }: Selecting,
): GraphQLCompositeType {
  const type = name === undefined ? parent : schema.getType(name)
  return isCompositeType(type) ? type : parent
}

function isLeftOut({ directives }: SelectionNode, { variables }: Selecting): boolean {
  return (directives ?? []).some(({ name, arguments: given }) => {
    const condition = givenValue(given?.find((argument) => argument.name.value === 'if')?.value, variables)
    return name.value === 'skip' ? condition === true : name.value === 'include' && condition === false
  })
}
