import { readdirSync, readFileSync } from 'node:fs'
import { type DocumentNode, parse, visit } from 'graphql'

const FOLDER = new URL('./operations/', import.meta.url)
const FRAGMENTS = new URL('./fragments/', FOLDER)

/** Returns the names of the mobile client's operations: their files in schema/operations/ without `.graphql`. */
export function operationNames(): string[] {
  return namesIn(FOLDER)
}

/** Returns the names of the fragments' files in schema/operations/fragments/ without `.graphql`. */
export function fragmentFileNames(): string[] {
  return namesIn(FRAGMENTS)
}

/** Reads an operation as a client sends it: its file, followed by the fragments that it uses, and no others. */
export function readOperation(name: string): string {
  const texts = [fileIn(FOLDER, name)]
  const added = new Set<string>()
  // The loop also reaches the texts that it appends, because a fragment can use fragments.
  for (const text of texts) {
    for (const fragment of spreadsOf(parse(text))) {
      if (added.has(fragment)) continue
      added.add(fragment)
      texts.push(readFragment(fileNameOf(fragment)))
    }
  }
  return texts.join('\n')
}

/** Reads the file of a fragment. */
export function readFragment(name: string): string {
  return fileIn(FRAGMENTS, name)
}

/** Returns the name of the file, without `.graphql`, that holds an operation or a fragment with this name. */
export function fileNameOf(definition: string): string {
  return definition.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase()
}

function spreadsOf(document: DocumentNode): string[] {
  const names: string[] = []
  visit(document, { FragmentSpread: ({ name }) => void names.push(name.value) })
  return names
}

function namesIn(folder: URL): string[] {
  return readdirSync(folder).flatMap((name) => (name.endsWith('.graphql') ? name.slice(0, -8) : []))
}

const fileIn = (folder: URL, name: string) => readFileSync(new URL(`${name}.graphql`, folder), 'utf8')
