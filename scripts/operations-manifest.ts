/**
 * Writes the operations of `schema/operations/` as a persisted query manifest, for `GATEWAY_OPERATIONS`. For example:
 * `npm run operations:manifest -- operations/1.4.json`. The client in `web/` sends each with `__typename` in every
 * selection, on one line or as urql prints it. So the manifest has three texts of each.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Kind, parse, print } from 'graphql'
import { readCommandLine } from '../hosting/command-line.ts'
import { operationNames, readOperation } from '../schema/read-operation.ts'
import { textWithTypenames } from '../schema/text-with-typenames.ts'

const { positionals } = readCommandLine({
  usage: 'npm run operations:manifest -- [<file>]',
  summary:
    'Writes the operations of schema/operations/ as a persisted query manifest, by default to generated/persisted-query-manifest.json.',
  options: {},
  takesArguments: true,
  settings: {},
})
const [file = 'generated/persisted-query-manifest.json'] = positionals

const operations = operationNames().flatMap((fileName) => {
  const body = readOperation(fileName)
  const definition = parse(body).definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION)
  if (definition?.kind !== Kind.OPERATION_DEFINITION || !definition.name) {
    throw new Error(`schema/operations/${fileName}.graphql has no operation with a name`)
  }
  const { name, operation: type } = definition
  return [body, ...textsOfWebClient(body)].map((text) => {
    const id = createHash('sha256').update(text).digest('hex')
    return { id, name: name.value, type, body: text }
  })
})
mkdirSync(path.dirname(path.resolve(file)), { recursive: true })
writeFileSync(
  file,
  `${JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }, null, 2)}\n`,
)
console.log(`${file}: ${operations.length} texts of operations`)

function textsOfWebClient(body: string): string[] {
  const text = textWithTypenames(body)
  return [text, print(parse(text)).replaceAll('\n\n', '\n')]
}
