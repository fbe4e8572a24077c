import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  OperationTypeNode,
  parse,
  validate,
} from 'graphql'
import { createAttachment } from '../attachment.ts'
import { badInput, type ErrorReports, maskError } from '../errors.ts'
import { documentFault } from '../graphql/document-limits.ts'
import type { Log } from '../log.ts'
import { createOutageLog, DATABASE_SILENT } from '../outage-log.ts'
import { createExecution } from './compiled-execution.ts'
import { createDocumentCache } from './document-cache.ts'
import { renewRequest } from './per-request.ts'
import { CURRENT_MS, createWork, spendTexts, type Work } from './work.ts'

/** One GraphQL operation to execute. */
export type GraphqlRequest = {
  query: string
  operationName?: string | undefined
  variables?: Record<string, unknown> | undefined
}

/** Executes operations on one schema; see `createExecutor`. */
export type Executor<Caller> = (
  request: GraphqlRequest,
  caller: Caller,
  work?: Work,
) => Promise<ExecutionResult>

// More tokens than any operation that the gateway plans or a client needs.
const MAX_TOKENS = 10_000

/**
 * Creates a function that parses, validates and executes operations. It remembers documents, limits the data that an
 * operation returns, and masks unexpected errors.
 */
export function createExecutor<Caller>(options: {
  schema: GraphQLSchema
  /** Creates a context: the caller, and the loaders that batch and remember reads. */
  context: (caller: Caller) => object
  log: Log
}): Executor<Caller> {
  const { schema, log } = options
  const documents = createDocumentCache()
  const execute = createExecution(schema)
  const contextFor = sharedContexts(options.context)

  const reports: ErrorReports = {
    failed: (error) => log.error({ err: error.originalError ?? error, path: error.path }, 'resolver failed'),
    unavailable: createOutageLog(log, 'error', DATABASE_SILENT),
  }

  const prepare = (query: string) => {
    const known = documents.get(query)
    if (known) return known
    const prepared = parseAndValidate(schema, query)
    if ('kind' in prepared) documents.set(query, prepared)
    return prepared
  }

  return async ({ query, operationName, variables }, caller, work = createWork()) => {
    const prepared = prepare(query)
    if (!('kind' in prepared)) return { errors: prepared.map((error) => maskError(error, reports)) }
    if (getOperationAST(prepared, operationName)?.operation === OperationTypeNode.MUTATION)
      work.hasChanges = true
    const result = await execute(prepared, operationName, variables, contextFor(caller, work))
    spendTexts(result.data, work)
    if (work.refusal) return { errors: [work.refusal] }
    await work.rest()
    if (!result.errors) return result
    return { ...result, errors: result.errors.map((error) => maskError(error, reports)) }
  }
}

/**
 * Lets the requests that a gateway in the same process makes for one operation share a context, so that they read each row
 * once. Requests of an operation that changes data each have their own, because rows may change between them, and so have
 * those that come later than `CURRENT_MS`.
 */
function sharedContexts<Caller>(create: (caller: Caller) => object) {
  const known = createAttachment<Work, { caller: Caller; context: object; since: number }>('shared context')
  return (caller: Caller, work: Work): object => {
    if (work.hasChanges) return changingContext(() => create(caller), work)
    const shared = known.get(work)
    const now = performance.now()
    if (shared?.caller === caller && now - shared.since < CURRENT_MS) return shared.context
    const context = { ...create(caller), work }
    known.set(work, { caller, context, since: now })
    return context
  }
}

/** A context whose loaders are new for each mutation, because the one before may have changed what they remember. */
function changingContext(create: () => object, work: Work): object {
  let isFirst = true
  const context = {
    ...create(),
    work,
    renew() {
      if (!isFirst) {
        Object.assign(context, create())
        renewRequest(context)
      }
      isFirst = false
    },
  }
  return context
}

function parseAndValidate(schema: GraphQLSchema, query: string): DocumentNode | readonly GraphQLError[] {
  try {
    const document = parse(query, { maxTokens: MAX_TOKENS })
    const fault = documentFault(document)
    if (fault !== null) return [badInput(`The operation is too large. ${fault}`)]
    const errors = validate(schema, document)
    return errors.length > 0 ? errors : document
  } catch (error) {
    return [error instanceof GraphQLError ? error : badInput('The document is not valid GraphQL.')]
  }
}
