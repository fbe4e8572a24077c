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

/** One GraphQL operation to be run. */
export type GraphqlRequest = {
  query: string
  operationName?: string | undefined
  variables?: Record<string, unknown> | undefined
}

/** A subgraph that can be asked, in process or from an HTTP handler. It trusts `caller`: whoever calls has checked it. */
export type Subgraph = {
  name: string
  schema: GraphQLSchema
  /** @param work what the operation may still bring together; by itself as much as any */
  execute(request: GraphqlRequest, caller: Caller, work?: Work): Promise<ExecutionResult>
}

/** What a subgraph is made of. */
export type SubgraphOptions<Context extends CallerContext> = {
  name: string
  typeDefs: string
  // Each subgraph's resolvers have generated types of their own, which have no common supertype but this.
  resolvers: object
  /** Makes the context of one request: who asks, and the loaders that batch its reads. */
  context: (caller: Caller) => Context
  /** Counts the mutations of viewers; null where nobody does. */
  limitWrite: LimitWrite | null
  log: Log
}

type ResolverMap = Extract<Parameters<typeof buildSubgraphSchema>[0], { resolvers?: unknown }>['resolvers']

// Longer than any operation that the gateway plans or a client has reason to send.
const MAX_TOKENS = 10_000

/** Makes an executable subgraph from its SDL and resolvers, with its root fields guarded by who may call them. */
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
    failed: (error) =>
      log.error({ err: error.originalError ?? error, path: error.path }, 'a resolver failed'),
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
    return [error instanceof GraphQLError ? error : badInput('The query can not be parsed.')]
  }
}
