import { ApolloServer } from '@apollo/server'
import { buildSchema, type ExecutionResult, GraphQLError } from 'graphql'
import { ANONYMOUS } from '../../platform/identity/caller.ts'
import { createWork } from '../../platform/subgraph/work.ts'
import type { GatewayContext } from '../ask-subgraph.ts'
import type { Executing, Executor, GivenOperation } from './compiled-executor.ts'
import { executeEarly } from './execute-early.ts'

/** Sends an operation through @apollo/server. Returns its result, and what was executed. */
async function send(execute: () => Promise<ExecutionResult>) {
  const executed: GivenOperation[] = []
  const executor: Executor = async (given) => {
    executed.push(given)
    return execute()
  }
  const executing: Executing = {
    async load() {
      return { executor }
    },
    onSchemaLoadOrUpdate(load) {
      load({ apiSchema: buildSchema('type Query { name(of: ID): String }'), coreSupergraphSdl: '' })
      return () => {}
    },
    async stop() {},
  }
  const { gateway, plugin } = executeEarly(executing)
  let passedOn = 0
  const server = new ApolloServer<GatewayContext>({
    gateway: {
      ...gateway,
      async load(options) {
        const loaded = await gateway.load(options)
        return {
          executor(request) {
            passedOn++
            return loaded.executor(request)
          },
        }
      },
    },
    plugins: [plugin],
    includeStacktraceInErrorResponses: false,
  })
  await server.start()
  const { body } = await server.executeOperation(
    { query: 'query Name($of: ID) { name(of: $of) }', variables: { of: 'ann' } },
    { contextValue: { viewer: ANONYMOUS, work: createWork(), answered: Promise.resolve() } },
  )
  await server.stop()
  if (body.kind !== 'single') throw new Error('the result comes in parts')
  return { result: body.singleResult, executed, passedOn }
}

const FAILED = new GraphQLError('No names today.', { extensions: { code: 'SERVICE_UNAVAILABLE' } })

describe('an operation that is executed early', () => {
  it('is not passed to the gateway if it has no errors', async () => {
    const { result, executed, passedOn } = await send(async () => ({ data: { name: 'Ann' } }))
    expect([result, executed.length, passedOn]).toEqual([{ data: { name: 'Ann' } }, 1, 0])
    expect(executed[0]).toMatchObject({
      operationName: 'Name',
      request: { variables: { of: 'ann' } },
      queryHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      context: { viewer: ANONYMOUS },
    })
  })

  it('is executed once if it has errors, which are formatted as before', async () => {
    const { result, executed } = await send(async () => ({ data: { name: null }, errors: [FAILED] }))
    const { message, extensions } = FAILED
    expect(result).toMatchObject({ data: { name: null }, errors: [{ message, extensions }] })
    expect(executed).toHaveLength(1)
  })

  it('is executed once if its execution fails', async () => {
    const { result, executed } = await send(() => Promise.reject(FAILED))
    expect([result.data, result.errors?.map(({ message }) => message)]).toEqual([undefined, [FAILED.message]])
    expect(executed).toHaveLength(1)
  })
})
