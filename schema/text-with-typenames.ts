import {
  type DefinitionNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql'

type Executable = OperationDefinitionNode | FragmentDefinitionNode
type Fragments = ReadonlyMap<string, FragmentDefinitionNode>

const TYPENAME: SelectionNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }

/**
 * Returns an operation and its fragments on one line, with `__typename` in every selection, as clients with a normalized
 * cache send it.
 *
 * @param text the operation, followed by the fragments that it uses
 */
export function textWithTypenames(text: string): string {
  const { definitions } = parse(text)
  const operation = definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION)
  if (!operation) throw new Error('there is no operation')
  return documentText(operation, fragmentsIn(definitions))
}

/** Returns the fragments by their names. */
export function fragmentsIn(definitions: readonly DefinitionNode[]): Fragments {
  const fragments = definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION)
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]))
}

/** Returns the text of an operation or a fragment, followed by the fragments that it uses. */
export function documentText(definition: Executable, fragments: Fragments): string {
  const used = new Set([definition])
  // The loop also reaches the fragments that it adds, because a fragment can use fragments.
  for (const each of used) {
    visit(each, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value)
        if (!fragment) throw new Error(`there is no fragment ${name.value}`)
        used.add(fragment)
      },
    })
  }
  return [...used].map((each) => print(withTypenames(each)).replace(/\s+/g, ' ')).join(' ')
}

function withTypenames(definition: Executable): Executable {
  return visit(definition, {
    SelectionSet: {
      leave(node, _key, parent): SelectionSetNode | undefined {
        if (parent && 'kind' in parent && parent.kind === Kind.OPERATION_DEFINITION) return undefined
        const selects = node.selections.some(
          (each) => each.kind === Kind.FIELD && each.name.value === '__typename',
        )
        return selects ? undefined : { ...node, selections: [TYPENAME, ...node.selections] }
      },
    },
  })
}
