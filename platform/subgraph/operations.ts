import { readFileSync } from 'node:fs'

/** An operation on the internal API of another service, with the types of its variables and its data. */
export type Operation<Data, Variables> = {
  readonly text: string
  /** Never set; it only carries the types. */
  readonly types?: { data: Data; variables: Variables }
}

/** The types of a folder of operations, by file name without `.graphql`, as `npm run generate` writes them. */
export type OperationTypes = Record<string, { data: unknown; variables: unknown }>

/**
 * Creates a function that returns the operations in a folder. The texts come from the files, because the generated
 * modules exist only where the development dependencies are installed.
 *
 * @param folder the address of the folder, with a trailing slash
 */
export function readOperations<Types extends OperationTypes>(folder: URL) {
  const known = new Map<string, string>()
  return <Name extends keyof Types & string>(
    name: Name,
  ): Operation<Types[Name]['data'], Types[Name]['variables']> => {
    const text = known.get(name) ?? readFileSync(new URL(`${name}.graphql`, folder), 'utf8')
    known.set(name, text)
    return { text }
  }
}
