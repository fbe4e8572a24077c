import { operationFromDocument } from '@apollo/federation-internals'
import type { ApolloGateway } from '@apollo/gateway'
import { QueryPlanner } from '@apollo/query-planner'
import {
  buildASTSchema,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  parse,
  visit,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import { cacheSize } from '../../platform/cache-size.ts'
import { counter } from '../../platform/observability/metrics.ts'
import type { AskSubgraph, GatewayContext } from '../ask-subgraph.ts'
import { compilePlan, type Step } from './compile-plan.ts'
import { withErrors } from './fetch-errors.ts'
import type { Execution } from './fetches.ts'
import { compileShape, type Data, type Variables } from './result-shape.ts'

/** The part of @apollo/gateway that @apollo/server uses. */
export type Executing = Pick<ApolloGateway, 'onSchemaLoadOrUpdate' | 'stop'> & {
  load(options: Parameters<ApolloGateway['load']>[0]): Promise<{ executor: Executor }>
}

/** Executes an operation. Its errors are in the result. */
export type Executor = (given: GivenOperation) => ReturnType<StockExecutor>

type StockExecutor = ApolloGateway['executor']
type StockRequest = Parameters<StockExecutor>[0]

/** What executors read of an operation. */
export type GivenOperation = Pick<
  StockRequest,
  'document' | 'operation' | 'operationName' | 'queryHash' | 'schema' | 'context' | 'metrics' | 'logger'
> & { request: Omit<StockRequest['request'], 'http'> }

/** An operation that is ready to run. */
type Prepared = {
  operation: OperationDefinitionNode
  /** Null if there is nothing to fetch. */
  run: Step | null
  /** The shapes of the response, by the values of the variables that decide @skip and @include. */
  shapes: LRUCache<string, (data: Data) => Data | null>
  conditions: readonly string[]
  /** The approximate size in memory, in bytes. */
  size: number
}

// A plan and its shapes take several times their size as JSON.
const MAX_BYTES = cacheSize(8 * 1024 ** 2)
const MAX_SHAPES = 16

const planLookups = counter({
  name: 'moblog_plan_cache_lookups_total',
  help: 'Operations whose compiled query plan was known (hit) or had to be made (miss).',
  labels: ['result'],
})

/**
 * Makes @apollo/gateway execute faster: it still loads the supergraph and plans operations, but plans and result shapes
 * are compiled once per operation instead of being interpreted for each request. Operations with introspection, or with
 * plans that need rewrites, go to its own executor.
 */
export function withCompiledExecution(gateway: ApolloGateway, ask: AskSubgraph): Executing {
  // An operation that cannot be compiled is remembered too.
  const operations = new LRUCache<DocumentNode, Map<string, Prepared | null>>({
    maxSize: MAX_BYTES,
    sizeCalculation: (known) =>
      [...known.values()].reduce((sum, prepared) => sum + (prepared?.size ?? 0), 1_000),
  })
  let supergraph: { api: GraphQLSchema; whole: GraphQLSchema } | null = null
  gateway.onSchemaLoadOrUpdate(({ apiSchema, coreSupergraphSdl }) => {
    operations.clear()
    supergraph = { api: apiSchema, whole: buildASTSchema(parse(coreSupergraphSdl), { assumeValid: true }) }
  })

  const prepare = (document: DocumentNode, operationName: string | undefined): Prepared | null => {
    const operation = getOperationAST(document, operationName)
    if (!operation || !supergraph || !isCompilable(document)) return null
    const planner = plannerOf(gateway)
    const plan = planner.buildQueryPlan(
      operationFromDocument(planner.supergraph.apiSchema(), document, operationName ? { operationName } : {}),
    )
    if (plan.node?.kind === 'Subscription') return null
    const run = plan.node ? compilePlan({ supergraph: supergraph.whole, ask }, plan.node) : null
    if (plan.node && !run) return null
    return {
      operation,
      run,
      shapes: new LRUCache({ max: MAX_SHAPES }),
      conditions: conditionVariables(document),
      size: JSON.stringify(plan).length,
    }
  }

  const preparedOf = (document: DocumentNode, operationName: string | undefined): Prepared | null => {
    const name = operationName ?? ''
    const known = operations.get(document)
    const prepared = known?.get(name)
    planLookups.add({ result: prepared === undefined ? 'miss' : 'hit' })
    if (prepared !== undefined) return prepared
    const fresh = prepare(document, operationName)
    // Setting it again makes the cache measure it again.
    operations.set(document, new Map([...(known ?? []), [name, fresh]]))
    return fresh
  }

  const executor =
    (fallback: StockExecutor): Executor =>
    async (given) => {
      const prepared = preparedOf(given.document, given.request.operationName)
      if (prepared && supergraph) return execute(prepared, supergraph.api, given)
      return fallback(given as StockRequest)
    }

  return {
    async load(options) {
      const { executor: fallback } = await gateway.load(options)
      return { executor: executor(fallback) }
    },
    onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
    stop: () => gateway.stop(),
  }
}

/** Runs a prepared operation, and shapes its data as the API schema says. */
async function execute(
  prepared: Prepared,
  api: GraphQLSchema,
  { request, document, context: gatewayContext }: GivenOperation,
): Promise<ExecutionResult> {
  const given: Variables = request.variables ?? {}
  const definitions = prepared.operation.variableDefinitions ?? []
  const { errors: invalid, coerced } = getVariableValues(api, definitions, given)
  if (invalid) return { errors: invalid }
  // A missing variable may have the name of a member of `Object.prototype`.
  const variables: Variables = Object.assign(Object.create(null), coerced)
  const shape = shapeOf(prepared, api, document, variables)
  // @apollo/server passes the context that the product gave it.
  const context = gatewayContext as GatewayContext
  const execution: Execution = { data: {}, errors: [], given, variables, context }
  await prepared.run?.(execution)
  await context.work.rest()
  const { data, errors } = await withErrors(execution.data, execution.errors, shape)
  // @apollo/server formats the errors next.
  await context.work.rest()
  return errors.length > 0 ? { errors, data } : { data }
}

/** The shape of the response depends on the variables in conditions, so there is one for each of their values. */
function shapeOf(prepared: Prepared, api: GraphQLSchema, document: DocumentNode, variables: Variables) {
  const { operation, conditions, shapes } = prepared
  const key = conditions.map((name) => variables[name]).join()
  const known = shapes.get(key)
  if (known) return known
  const shape = compileShape(api, document, operation, variables)
  shapes.set(key, shape)
  return shape
}

/**
 * The planner that @apollo/gateway has built for the current supergraph. It is a private field, so the package's version
 * is pinned, and a new version without the field fails at once.
 */
function plannerOf(gateway: ApolloGateway): QueryPlanner {
  const planner: unknown = Reflect.get(gateway, 'queryPlanner')
  if (planner instanceof QueryPlanner) return planner
  throw new Error('this version of @apollo/gateway keeps its query planner elsewhere; adapt plannerOf')
}

// Introspection needs the stock executor. A response name `__proto__` would not become a key of a plain object.
function isCompilable(document: DocumentNode): boolean {
  let isCompilable = true
  visit(document, {
    Field({ name, alias }) {
      if (name.value === '__schema' || name.value === '__type' || alias?.value === '__proto__')
        isCompilable = false
    },
  })
  return isCompilable
}

function conditionVariables(document: DocumentNode): string[] {
  const names = new Set<string>()
  visit(document, {
    Directive({ name, arguments: given = [] }) {
      if (name.value !== 'skip' && name.value !== 'include') return
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value)
    },
  })
  return [...names]
}
