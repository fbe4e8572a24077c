import { buildSubgraphSchema } from '@apollo/subgraph'
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql'
import type { LimitWrite } from '../allowances/write-limits.ts'
import { badInput, type ErrorReports, maskError } from '../errors.ts'
import { documentFault } from '../graphql/document-limits.ts'
import type { Caller } from '../identity/caller.ts'
import type { Log } from '../log.ts'
import { createOutageLog, DATABASE_SILENT } from '../outage-log.ts'
import { createDocumentCache } from './document-cache.ts'
import { type CallerContext, guardRootFields } from './guard.ts'
import { normalizeIdArguments } from './id-arguments.ts'
import { createWork, limitWork, type Work } from './work.ts'

/** One GraphQL operation to execute. */
export type GraphqlRequest = {
  query: string
  operationName?: string | undefined
  variables?: Record<string, unknown> | undefined
}

/**
 * A subgraph that can be called within the process or from an HTTP handler. It trusts `caller`: the calling code must
 * have verified it.
 */
export type Subgraph = {
  name: string
  schema: GraphQLSchema
  /** @param work what remains of the operation's response budget; by default a full budget */
  execute(request: GraphqlRequest, caller: Caller, work?: Work): Promise<ExecutionResult>
}

/** The parts of a subgraph. */
export type SubgraphOptions<Context extends CallerContext> = {
  name: string
  typeDefs: string
  // Each subgraph's resolvers have their own generated types, whose only common supertype is `object`.
  resolvers: object
  /** Creates the context of one request: the caller, and the loaders that batch its reads. */
  context: (caller: Caller) => Context
  /** Counts the mutations of viewers; null if the subgraph does not limit mutations. */
  limitWrite: LimitWrite | null
  log: Log
}

type ResolverMap = Extract<Parameters<typeof buildSubgraphSchema>[0], { resolvers?: unknown }>['resolvers']

// More tokens than any operation that the gateway plans or a client needs.
const MAX_TOKENS = 10_000

/** Creates an executable subgraph from its SDL and resolvers. Its root fields check who may call them. */
export function createSubgraph<Context extends CallerContext>(options: SubgraphOptions<Context>): Subgraph {
  const { name, typeDefs, log } = options
  const schema = limitWork(
    guardRootFields(
      normalizeIdArguments(
        buildSubgraphSchema([{ typeDefs: parse(typeDefs), resolvers: options.resolvers as ResolverMap }]),
      ),
      options.limitWrite,
    ),
  )
  const documents = createDocumentCache()

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

  return {
    name,
    schema,
    async execute({ query, operationName, variables }, caller, work = createWork()) {
      const prepared = prepare(query)
      if (!('kind' in prepared)) return { errors: prepared.map((error) => maskError(error, reports)) }
      const result = await execute({
        schema,
        document: prepared,
        operationName,
        variableValues: variables,
        contextValue: { ...options.context(caller), work },
      })
      if (work.refusal) return { errors: [work.refusal] }
      if (!result.errors) return result
      return { ...result, errors: result.errors.map((error) => maskError(error, reports)) }
    },
  }
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
