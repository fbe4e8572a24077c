import { Upload } from 'graphql-upload-minimal'
import type { Executor } from './compiled-executor.ts'
import { withOperationTurns } from './operation-turns.ts'

type Executing = Parameters<typeof withOperationTurns>[0]
type Request = Parameters<Executor>[0]

type Sent = { operation?: 'query' | 'mutation'; variables?: object; weight?: number }

/** Sends equal operations of one viewer. */
async function send(count: number, { operation = 'query', variables = {}, weight = 200 }: Sent) {
  let executed = 0
  const executor: Executor = async () => {
    executed += 1
    return { data: {} }
  }
  const executing = { load: async () => ({ executor }) } as unknown as Executing
  const inTurn = await withOperationTurns(executing).load({} as Parameters<Executing['load']>[0])
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>()
  const request = {
    operation: { operation },
    request: { variables },
    context: { viewer: { kind: 'viewer', userId: 'ann' }, meter: { weight: () => weight }, answered },
  } as unknown as Request
  const refusals: unknown[] = []
  for (let sent = 0; sent < count; sent++) {
    void inTurn.executor(request).then(({ errors = [] }) => refusals.push(...errors))
  }
  await settled()
  return {
    executed: () => executed,
    refusals,
    async answer() {
      answer()
      await settled()
    },
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('the operations of one viewer that are executed at the same time', () => {
  it.each(['query', 'mutation'] as const)('are four of the type %s', async (operation) => {
    expect((await send(6, { operation })).executed()).toBe(4)
  })

  it('are fewer if they are costly', async () => {
    const executed = async (weight: number) => (await send(6, { weight })).executed()
    expect([await executed(6_000), await executed(12_000), await executed(250_000)]).toEqual([4, 2, 1])
  })

  it('are sixteen with a file, because a connection must not stall while it waits', async () => {
    const variables = { input: { files: [new Upload()] } }
    expect((await send(20, { operation: 'mutation', variables })).executed()).toBe(16)
  })

  it('are refused with HTTP status 429 if a thousand others wait', async () => {
    const { executed, refusals } = await send(1_006, {})
    const refusal = { extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 1, http: { status: 429 } } }
    expect([executed(), refusals]).toEqual([
      4,
      [refusal, refusal].map((each) => expect.objectContaining(each)),
    ])
  })

  it('keep their places until they are answered', async () => {
    const { executed, answer } = await send(6, {})
    expect(executed()).toBe(4)
    await answer()
    expect(executed()).toBe(6)
  })
})
