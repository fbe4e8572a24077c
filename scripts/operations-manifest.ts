/**
 * Writes the operations of `schema/operations/` as a persisted query manifest, for `GATEWAY_OPERATIONS`. For example:
 * `npm run operations:manifest -- operations/1.4.json`.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Kind, parse } from 'graphql'
import { operationNames, readOperation } from '../schema/read-operation.ts'

const [file = 'generated/persisted-query-manifest.json'] = process.argv.slice(2)

const operations = operationNames().map((fileName) => {
  const body = readOperation(fileName)
  const definition = parse(body).definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION)
  if (definition?.kind !== Kind.OPERATION_DEFINITION || !definition.name) {
    throw new Error(`schema/operations/${fileName}.graphql has no operation with a name`)
  }
  const id = createHash('sha256').update(body).digest('hex')
  return { id, name: definition.name.value, type: definition.operation, body }
})
mkdirSync(path.dirname(path.resolve(file)), { recursive: true })
writeFileSync(
  file,
  `${JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }, null, 2)}\n`,
)
console.log(`${file}: ${operations.length} operations`)
