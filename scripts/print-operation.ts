/**
 * Prints an operation of `schema/operations/` with the fragments that it uses, as a client sends it. For example:
 * `npm run -s operation -- notifications`.
 */
import { operationNames, readOperation } from '../schema/read-operation.ts'

const [name] = process.argv.slice(2)
if (name !== undefined && operationNames().includes(name)) process.stdout.write(readOperation(name))
else {
  const problem =
    name === undefined
      ? 'Name an operation: npm run -s operation -- <name>.'
      : `There is no operation "${name}".`
  console.error(`${problem} The operations are: ${operationNames().join(', ')}.`)
  process.exitCode = 1
}
