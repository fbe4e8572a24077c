import { Kind } from 'graphql'
import { documentText, fragmentsIn } from '../schema/text-with-typenames.ts'

/**
 * A plugin of graphql-codegen, used after `typescript-operations`. It writes each operation as a text with the types of
 * its data and variables. A text is smaller than a syntax tree. It has `__typename` in every selection, which the cache of
 * the client needs.
 */
export function plugin(_schema, documents) {
  const definitions = documents.flatMap(({ document }) => document.definitions)
  const fragments = fragmentsIn(definitions)
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
