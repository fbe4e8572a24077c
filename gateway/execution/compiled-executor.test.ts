import { readFileSync } from 'node:fs'
import { ApolloGateway } from '@apollo/gateway'
import fc from 'fast-check'
import { buildSchema, type DocumentNode, type ExecutionResult, GraphQLError, parse, validate } from 'graphql'
import { unavailable } from '../../platform/errors.ts'
import { ANONYMOUS } from '../../platform/identity/caller.ts'
import type { SubgraphClient } from '../../platform/subgraph/client.ts'
import { createWork } from '../../platform/subgraph/work.ts'
import { readOperation } from '../../schema/read-operation.ts'
import { withConditions } from '../../testing/gateway/conditions.ts'
import { randomSubgraphs } from '../../testing/gateway/random-subgraphs.ts'
import { operationOf, randomSelections } from '../../testing/product/random-operations.ts'
import { type AskSubgraph, requireAddress } from '../ask-subgraph.ts'
import { reservedNames, responseNameRule } from '../response-names.ts'
import { subgraphDataSource } from '../subgraph-data-source.ts'
import { type Executor, withCompiledExecution } from './compiled-executor.ts'

const RUNS = Number(process.env.MOBLOG_TEST_BIG) === 1 ? 20_000 : 150
const api = buildSchema(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8'))
const supergraphSdl = readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8')

const reserved = reservedNames(parse(supergraphSdl))

type Run = (document: DocumentNode, variables: Record<string, unknown>) => Promise<ExecutionResult>

/** Starts both executors in front of the same subgraphs. */
async function bothExecutors(clients: ReturnType<typeof randomSubgraphs>) {
  process.env.APOLLO_TELEMETRY_DISABLED = 'true'
  // Without circuit breakers, whose state would depend on the order of the operations.
  const ask: AskSubgraph = (name, request) => requireAddress(clients, name).execute(request, ANONYMOUS)
  const gateway = new ApolloGateway({
    supergraphSdl,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    buildService: ({ name }) => subgraphDataSource(name, ask),
  })
  const { executor } = await withCompiledExecution(gateway, ask).load({ apollo: {} })
  const runWith = (run: Executor): Run => {
    return async (document, variables) =>
      run({
        ...{ document, request: { variables }, queryHash: `${hashes++}`, metrics: {}, schema: api },
        context: { viewer: ANONYMOUS, work: createWork() },
      } as unknown as Parameters<Executor>[0])
  }
  return { gateway, stock: runWith(gateway.executor as Executor), compiled: runWith(executor) }
}
let hashes = 0

const SOURCE = {
  schema: api,
  values: {
    id: ['"a"', '"b"'],
    handle: ['"ann"'],
    ids: ['["a", "b"]'],
    first: ['1', '2'],
    query: ['"x"'],
  },
  aliases: ['one', 'two', 'three'],
  maxDepth: 6,
}

/** Messages and codes without repetition. The stock executor gives some errors no path or a wrong one. */
const errorsOf = ({ errors = [] }: ExecutionResult) =>
  [...new Set(errors.map(({ message, extensions }) => `${message} ${extensions.code}`))].sort()

const NEVER = Number.POSITIVE_INFINITY
/** Subgraphs in which nothing fails. */
const healthy = () => randomSubgraphs({ aNull: NEVER, anError: NEVER, anOutage: NEVER })
/** A subgraph that does not answer. */
const down = {
  execute: () => Promise.reject(unavailable('The service does not answer.')),
  close: async () => {},
}

describe('compiled execution', () => {
  it.each([
    [
      'complete data',
      {
        aNull: Number.POSITIVE_INFINITY,
        anError: Number.POSITIVE_INFINITY,
        anOutage: Number.POSITIVE_INFINITY,
      },
    ],
    ['nulls', { aNull: 4, anError: Number.POSITIVE_INFINITY, anOutage: Number.POSITIVE_INFINITY }],
    ['nulls, errors and outages', { aNull: 8, anError: 12, anOutage: 8 }],
  ])(
    'returns what @apollo/gateway returns for random operations with %s',
    async (_title, odds) => {
      const { stock, compiled, gateway } = await bothExecutors(randomSubgraphs(odds))
      let withData = 0
      await fc.assert(
        fc.asyncProperty(fc.integer(), fc.boolean(), fc.boolean(), async (seed, a, b) => {
          const text = operationOf(randomSelections(SOURCE, seed), true)
          const document = withConditions(parse(`query ($a: Boolean!, $b: Boolean = true) ${text}`), seed)
          // The gateway refuses these before they are executed.
          if (validate(api, document, [responseNameRule(() => reserved)]).length > 0) return
          const variables = { a, ...(b && { b: seed % 2 === 0 }) }
          const expected = await stock(document, variables)
          const actual = await compiled(document, variables)
          expect(JSON.stringify(actual.data)).toBe(JSON.stringify(expected.data))
          expect(errorsOf(actual)).toEqual(errorsOf(expected))
          for (const { path } of actual.errors ?? []) if (path) requirePlace(actual.data, path)
          if (Object.values(actual.data ?? {}).some((value) => value !== null)) withData += 1
        }),
        { numRuns: RUNS },
      )
      await gateway.stop()
      expect(withData).toBeGreaterThan(RUNS / 4)
    },
    3_600_000,
  )

  it('reports an unavailable subgraph at the fields that lack its data, by the names that the client gave them', async () => {
    const { compiled, gateway } = await bothExecutors({ ...healthy(), storage: down })
    const document = parse(readOperation('friend-moblog'))
    const { data, errors = [] } = await compiled(document, { handle: 'ann' })
    await gateway.stop()
    expect(data).toMatchObject({ userByHandle: { moblog: { posts: { edges: expect.any(Array) } } } })
    expect(errors.length).toBeGreaterThan(0)
    for (const { path = [], extensions } of errors) {
      expect(extensions).toMatchObject({ code: 'SERVICE_UNAVAILABLE', serviceName: 'storage' })
      requirePlace(data, path)
    }
  })

  it('reports an unavailable subgraph at the field of an entity that others have answered', async () => {
    const { compiled, gateway } = await bothExecutors({ ...healthy(), blog: down, storage: down })
    const query = `query ($yes: Boolean!) { viewer {
      id moblog { id } mine: moblog { title } storageUsage @include(if: $yes) { usedBytes } no: storageUsage @skip(if: $yes) { usedBytes }
    } }`
    const { data, errors = [] } = await compiled(parse(query), { yes: true })
    await gateway.stop()
    expect(data).toEqual({
      viewer: { id: expect.any(String), moblog: null, mine: null, storageUsage: null },
    })
    expect(errors.map(({ path }) => path?.join('.')).sort()).toEqual([
      'viewer.mine',
      'viewer.moblog',
      'viewer.storageUsage',
    ])
  })
})

describe('the errors of a subgraph that does not work', () => {
  const SERVICES = ['communication', 'storage', 'blog']
  const REFUSED = {
    errors: [new GraphQLError('Too much.', { extensions: { code: 'OPERATION_TOO_COSTLY' } })],
  }
  const failing: [string, SubgraphClient][] = [
    ['is down', down],
    ['has a defect', { ...down, execute: () => Promise.reject(new Error('defect')) }],
    ['refuses the request', { ...down, execute: () => Promise.resolve(REFUSED) }],
  ]
  const faults = failing.flatMap(([what, client]) => SERVICES.map((name) => [what, name, client] as const))
  const document = parse(readOperation('friend-moblog'))
  const run = async (clients: ReturnType<typeof randomSubgraphs>) => {
    const { compiled, gateway } = await bothExecutors(clients)
    const result = await compiled(document, { handle: 'ann' })
    await gateway.stop()
    return result
  }

  it.each(faults)(
    'reach every null that a large page has because one %s (%s)',
    async (_what, name, client) => {
      const clients = withLongLists(healthy(), 90)
      const whole = await run(clients)
      const { data, errors = [] } = await run({ ...clients, [name]: client })
      expect(errors.length).toBeLessThanOrEqual(5_000)
      for (const { path = [] } of errors) requirePlace(data, path)
      expect(silentNulls(whole.data, data, errors)).toEqual([])
      if (name === 'storage') expect(errors.length).toBeGreaterThanOrEqual(90)
    },
  )

  it.each(faults)(
    'are limited without a null that looks intended, if one %s (%s)',
    async (_what, name, client) => {
      const clients = withLongLists(healthy(), 1_100)
      const whole = await run(clients)
      const { data, errors = [] } = await run({ ...clients, [name]: client })
      expect(errors.length).toBeGreaterThan(0)
      expect(errors.length).toBeLessThanOrEqual(5_000)
      for (const { path = [] } of errors) requirePlace(data, path)
      expect(silentNulls(whole.data, data, errors)).toEqual([])
    },
  )
})

it('serves others while many operations that wait for one subgraph fail at the same moment', async () => {
  const stopped = Promise.withResolvers<never>()
  const healthyOnes = withLongLists(healthy(), 900)
  let waiting = 0
  const hanging: SubgraphClient = {
    ...down,
    execute() {
      waiting += 1
      return stopped.promise
    },
  }
  const { compiled, gateway } = await bothExecutors({ ...healthyOnes, storage: hanging })
  const document = parse(readOperation('friend-moblog'))
  const operations = Array.from({ length: 96 }, () => compiled(document, { handle: 'ann' }))
  while (waiting < operations.length) await new Promise((resolve) => setTimeout(resolve, 10))
  const { longest, total } = await withoutALook(async () => {
    stopped.reject(unavailable('The service does not answer.'))
    for (const { errors } of await Promise.all(operations)) expect(errors).not.toEqual([])
  })
  await gateway.stop()
  expect(longest).toBeLessThan(total / 8)
})

/**
 * Measures how much processor time work takes, in total and at most between two looks of the process for requests. Other
 * programs on a busy machine do not count.
 */
async function withoutALook(work: () => Promise<void>): Promise<{ longest: number; total: number }> {
  const cpu = () => {
    const { user, system } = process.threadCpuUsage()
    return user + system
  }
  const started = cpu()
  let last = started
  let longest = 0
  const look = () => {
    longest = Math.max(longest, cpu() - last)
    last = cpu()
  }
  const looking = setInterval(look)
  await work()
  look()
  clearInterval(looking)
  return { longest, total: cpu() - started }
}

/** Repeats the edges of every connection, with other ids. */
function withLongLists(clients: ReturnType<typeof randomSubgraphs>, length: number) {
  const repeated = (value: unknown, copy: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => repeated(item, copy))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => {
        if (key === 'id') return [key, `${part}${copy}`]
        if (key === 'edges' && Array.isArray(part)) {
          const [edge] = part
          return [key, Array.from({ length }, (_, index) => repeated(edge, `${copy}.${index}`))]
        }
        return [key, repeated(part, copy)]
      }),
    )
  }
  return Object.fromEntries(
    Object.entries(clients).map(([name, client]) => {
      const execute: SubgraphClient['execute'] = async (...call) => {
        const result = await client.execute(...call)
        const { data } = repeated({ data: result.data }, '') as Pick<typeof result, 'data'>
        return data === undefined ? result : { ...result, data }
      }
      return [name, { ...client, execute }]
    }),
  )
}

/** The paths at which a response has a null that a complete one does not have, and no error. */
function silentNulls(whole: unknown, part: unknown, errors: readonly GraphQLError[]): string[] {
  const reported = new Set(
    errors.flatMap(({ path = [] }) => path.map((_, end) => path.slice(0, end + 1).join('.'))),
  )
  const found: string[] = []
  const compare = (expected: unknown, actual: unknown, path: string) => {
    if (actual === null) {
      if (expected !== null && !reported.has(path)) found.push(path)
      return
    }
    if (typeof actual !== 'object' || typeof expected !== 'object' || expected === null) return
    for (const [key, value] of Object.entries(actual))
      compare(Reflect.get(expected, key), value, path === '' ? key : `${path}.${key}`)
  }
  compare(whole, part, '')
  return found
}

/** Requires that a path leads through the data to its end, or to the null that stands for it. */
function requirePlace(data: unknown, path: readonly (string | number)[]): void {
  let value = data
  for (const step of path) {
    if (value === null || value === undefined) return
    if (typeof value !== 'object' || !(step in value))
      throw new Error(`there is nothing at ${path.join('.')}`)
    value = value[step as keyof typeof value]
  }
}
