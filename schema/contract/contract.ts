import { readFileSync } from 'node:fs'
import { buildSchema, type GraphQLSchema, validate } from 'graphql'
import { type Approval, readApprovals } from './approvals.ts'
import { type BreakingChange, findBreakingChanges } from './breaking-changes.ts'
import { type ConsumerOperation, elementsUsedBy, isAffected, readConsumerOperations } from './consumers.ts'

/** What the API promises to its clients, and what is known about them. */
export type Contract = {
  /** The schema that clients use. */
  released: GraphQLSchema
  /** The schema that is composed from the subgraphs. */
  current: GraphQLSchema
  operations: ConsumerOperation[]
  approvals: Approval[]
}

const schemaIn = (file: string) => buildSchema(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'))

/** Reads the contract of this repository. */
export function readContract(): Contract {
  return {
    released: schemaIn('released/api.graphql'),
    current: schemaIn('api.graphql'),
    operations: readConsumerOperations(),
    approvals: readApprovals(),
  }
}

/**
 * Checks that each breaking change is approved, and that each open approval is about a change that exists.
 *
 * @returns one line per fault; empty if the contract is kept
 */
export async function findContractFaults(contract: Contract): Promise<string[]> {
  const changes = await findBreakingChanges(contract.released, contract.current)
  const approved = new Set(openApprovals(contract).flatMap((approval) => approval.changes))
  const made = new Set(changes.map(({ description }) => description))
  const unapproved = changes
    .filter(({ description }) => !approved.has(description))
    .map((change) => `Not approved, and breaks ${brokenBy(change, contract)}: ${change.description}`)
  const stale = openApprovals(contract).flatMap(({ file, changes: listed }) =>
    listed
      .filter((description) => !made.has(description))
      .map((description) => `Stale: ${file} approves a change that the schema does not have: ${description}`),
  )
  return [...unapproved, ...stale]
}

/** Returns the names of the consumers' operations that a change affects. */
function operationsBrokenBy({ element }: BreakingChange, contract: Contract): string[] {
  if (element === null) return []
  const { operations, released } = contract
  return operations
    .filter(({ document }) => isAffected(elementsUsedBy(document, released), element, released))
    .map(({ name }) => name)
}

/**
 * Returns why the current schema cannot be released on a day: faults of the contract, approvals whose removal date is
 * later, and consumers' operations that are not valid any more.
 */
export async function findReleaseObstacles(contract: Contract, day: string): Promise<string[]> {
  const early = openApprovals(contract)
    .filter(({ removal }) => removal > day)
    .map(({ file, removal }) => `Too early: ${file} allows the removal from ${removal} on`)
  return [
    ...(await findContractFaults(contract)),
    ...early,
    ...findInvalidOperations(contract.operations, contract.current),
  ]
}

/** Returns one line per operation of a consumer that is not valid for a schema. */
export function findInvalidOperations(operations: ConsumerOperation[], schema: GraphQLSchema): string[] {
  return operations.flatMap(({ name, document }) => {
    const [error] = validate(schema, document)
    return error ? [`Not valid: ${name}: ${error.message}`] : []
  })
}

/** Returns the approvals of changes that are not released yet. */
export function openApprovals({ approvals }: Contract): Approval[] {
  return approvals.filter(({ released }) => released === null)
}

function brokenBy(change: BreakingChange, contract: Contract): string {
  return operationsBrokenBy(change, contract).join(', ') || 'no known operation of a consumer'
}
