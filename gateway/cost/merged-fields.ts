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

/** What is needed to find out which fields an operation selects. */
export type Selecting = {
  schema: GraphQLSchema
  fragments: ReadonlyMap<string, FragmentDefinitionNode>
  variables: Readonly<Record<string, unknown>>
}

/** The nodes that ask for one field of one type under one response name. */
export type MergedField = { type: GraphQLCompositeType; nodes: FieldNode[] }

/** The fragments of a document, by their names. */
export function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
    ),
  )
}

/**
 * The fields that selection sets on a type select together, merged as execution merges them. Fragments on several types
 * all count, since it is not known before execution which one applies.
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

/** The value of an argument as the client gave it; undefined where it gave none. */
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
