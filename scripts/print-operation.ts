/**
 * Prints an operation of `schema/operations/` with the fragments that it uses, as a client sends it. For example:
 * `npm run -s operation -- notifications`.
 */
import { operationNames, readOperation } from '../schema/read-operation.ts'

const [name = ''] = process.argv.slice(2)
if (operationNames().includes(name)) process.stdout.write(readOperation(name))
else {
  console.error(`There is no operation "${name}". The operations are: ${operationNames().join(', ')}.`)
  process.exitCode = 1
}
