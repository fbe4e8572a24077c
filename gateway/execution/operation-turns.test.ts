import { Upload } from 'graphql-upload-minimal'
import { withOperationTurns } from './operation-turns.ts'

type Executing = Parameters<typeof withOperationTurns>[0]
type Executor = Awaited<ReturnType<Executing['load']>>['executor']
type Request = Parameters<Executor>[0]

/** Sends operations of one viewer, of which none ends, and returns how many are executed. */
async function executedOf(
  count: number,
  operation: 'query' | 'mutation',
  variables: object,
): Promise<number> {
  let executed = 0
  const executor: Executor = () => {
    executed += 1
    return new Promise(() => {})
  }
  const executing = { load: async () => ({ executor }) } as unknown as Executing
  const inTurn = await withOperationTurns(executing).load({} as Parameters<Executing['load']>[0])
  const request = {
    operation: { operation },
    request: { variables },
    context: { viewer: { kind: 'viewer', userId: 'ann' } },
  } as unknown as Request
  for (let sent = 0; sent < count; sent++) void inTurn.executor(request)
  await new Promise((resolve) => setImmediate(resolve))
  return executed
}

describe('the operations of one viewer that are executed at the same time', () => {
  it.each(['query', 'mutation'] as const)('are four of the type %s', async (operation) => {
    expect(await executedOf(6, operation, {})).toBe(4)
  })

  it('are sixteen with a file, because a connection must not stall while it waits', async () => {
    expect(await executedOf(20, 'mutation', { input: { files: [new Upload()] } })).toBe(16)
  })
})
