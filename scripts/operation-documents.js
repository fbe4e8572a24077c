import { Kind, print, visit } from 'graphql'

const TYPENAME = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }

/**
 * A plugin of graphql-codegen, used after `typescript-operations`. It writes each operation as a text with the types of
 * its data and variables. A text is smaller than a syntax tree. It has `__typename` in every selection, which the cache of
 * the client needs, so that the client sends the same text that a list of trusted documents has.
 */
export function plugin(_schema, documents) {
  const definitions = documents.flatMap(({ document }) => document.definitions)
  const fragments = new Map(
    definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [])),
  )
  const operations = definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
  const lines = operations.map((operation) => {
    const kind = operation.operation[0].toUpperCase() + operation.operation.slice(1)
    const type = `${operation.name.value}${kind}`
    const text = JSON.stringify(documentText(operation, fragments))
    return `export const ${operation.name.value}Document = ${text} as Document<${type}, ${type}Variables>;`
  })
  return [
    '/** The text of an operation. */',
    'export type Document<Data, Variables> = string & { readonly types?: (variables: Variables) => Data };',
    ...lines,
    ...[...fragments.values()].map((fragment) => {
      const text = JSON.stringify(documentText(fragment, fragments))
      return `export const ${fragment.name.value}FragmentDocument = ${text};`
    }),
  ].join('\n')
}

/** Returns the text of an operation, followed by the fragments that it uses. */
export function documentText(operation, fragments) {
  const used = new Set([operation])
  // The loop also reaches the fragments that it adds, because a fragment can use fragments.
  for (const definition of used) {
    visit(definition, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value)
        if (!fragment) throw new Error(`There is no fragment ${name.value}`)
        used.add(fragment)
      },
    })
  }
  return [...used].map((definition) => print(withTypenames(definition)).replace(/\s+/g, ' ')).join(' ')
}

function withTypenames(definition) {
  return visit(definition, {
    SelectionSet: {
      leave(node, _key, parent) {
        if (parent?.kind === Kind.OPERATION_DEFINITION) return undefined
        const selects = node.selections.some(
          (each) => each.kind === Kind.FIELD && each.name.value === '__typename',
        )
        return selects ? undefined : { ...node, selections: [TYPENAME, ...node.selections] }
      },
    },
  })
}
