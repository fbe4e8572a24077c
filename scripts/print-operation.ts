/**
 * Prints an operation of `schema/operations/` with the fragments that it uses, as a client sends it. For example:
 * `npm run -s operation -- notifications`.
 */
import { readCommandLine } from '../hosting/command-line.ts'
import { operationNames, readOperation } from '../schema/read-operation.ts'

const { positionals } = readCommandLine({
  usage: 'npm run -s operation -- <name>',
  summary: `Prints an operation of schema/operations/ with the fragments that it uses. The operations are: ${operationNames().join(', ')}.`,
  options: {},
  takesArguments: true,
  settings: {},
})
const [name] = positionals
if (name !== undefined && operationNames().includes(name)) process.stdout.write(readOperation(name))
else {
  const problem =
    name === undefined
      ? 'Name an operation: npm run -s operation -- <name>.'
      : `There is no operation "${name}".`
  console.error(`${problem} The operations are: ${operationNames().join(', ')}.`)
  process.exitCode = 1
}
