import { type DocumentNode, type FieldNode, Kind, type SelectionNode, visit } from 'graphql'
import { createRandom, type Random } from '../product/random-operations.ts'

/**
 * Adds @skip and @include with the variables `$a` and `$b` to some fields of an operation, and writes some fields with
 * several selections as two fields that are merged.
 */
export function withConditions(document: DocumentNode, seed: number): DocumentNode {
  const random = createRandom(seed)
  return visit(document, {
    SelectionSet: {
      leave: (set) => ({
        ...set,
        selections: set.selections.flatMap((selection) => varied(selection, random)),
      }),
    },
  })
}

function varied(selection: SelectionNode, random: Random): SelectionNode[] {
  if (selection.kind !== Kind.FIELD) return [selection]
  const parts = random(5) === 0 ? halves(selection) : [selection]
  return parts.map((part) => (random(6) === 0 ? conditional(part, random) : part))
}

function halves(field: FieldNode): FieldNode[] {
  const { selectionSet } = field
  const [first, ...rest] = selectionSet?.selections ?? []
  if (!selectionSet || !first || rest.length === 0) return [field]
  return [[first], rest].map((selections) => ({ ...field, selectionSet: { ...selectionSet, selections } }))
}

function conditional(field: FieldNode, random: Random): FieldNode {
  const name = random(2) === 0 ? 'skip' : 'include'
  const variable = random(2) === 0 ? 'a' : 'b'
  const named = (value: string) => ({ kind: Kind.NAME, value }) as const
  const condition = {
    kind: Kind.ARGUMENT,
    name: named('if'),
    value: { kind: Kind.VARIABLE, name: named(variable) },
  } as const
  return { ...field, directives: [{ kind: Kind.DIRECTIVE, name: named(name), arguments: [condition] }] }
}
