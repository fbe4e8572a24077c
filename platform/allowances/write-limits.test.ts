import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { createTestDatabase } from '../../testing/database.ts'
import { createPool, statementsOn } from '../database/pool.ts'
import { ANONYMOUS, type Viewer } from '../identity/caller.ts'
import { createLog } from '../log.ts'
import { createSubgraph } from '../subgraph/subgraph.ts'
import { createWriteLimit, OTHER_WRITES_PER_MINUTE } from './write-limits.ts'

const log = createLog('test', 'silent')
const directory = fileURLToPath(new URL('../../prisma/blog/migrations', import.meta.url))
let database: Awaited<ReturnType<typeof createTestDatabase>>
let pool: pg.Pool
let now = new Date('2026-01-01T00:00:00Z')
let people = 0

beforeAll(async () => {
  database = await createTestDatabase({ schemas: [{ schema: 'blog', directory }] })
  pool = createPool({ url: database.url, schema: 'blog', applicationName: 'test', log })
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

const person = (): Viewer => ({ kind: 'viewer', userId: `person ${people++}`, sessionId: null })

/** Creates a process of a service with several mutations, some of which have their own rate limit. */
function startProcess(scale = 1) {
  const limitWrite = createWriteLimit({
    ...{ run: statementsOn(pool), clock: () => now, scale },
    perMinute: { like: 60, follow: 2 },
  })
  return createSubgraph({
    name: 'writes',
    typeDefs: `type Query { a: Int }
       type Mutation { like: Int rename: Int follow: FollowResult! }
       union FollowResult = FollowPayload | RequestFailed
       type FollowPayload { done: Int }
       type RequestFailed { code: String message: String retryAfterSeconds: Int }`,
    resolvers: {
      Mutation: {
        ...{ like: () => 1, rename: () => 1 },
        follow: () => ({ __typename: 'FollowPayload', done: 1 }),
      },
    },
    context: (caller) => ({ caller }),
    ...{ log, limitWrite },
  })
}

/** Runs one operation that calls a mutation many times, each time with another alias. */
async function write(
  subgraph: ReturnType<typeof startProcess>,
  caller: Viewer,
  field: string,
  times: number,
) {
  const fields = Array.from({ length: times }, (_, index) => `f${index}: ${field}`)
  const { data, errors = [] } = await subgraph.execute({ query: `mutation { ${fields.join(' ')} }` }, caller)
  return { done: Object.values(data ?? {}).filter((value) => value === 1).length, errors }
}

describe('the write limit', () => {
  it('counts every mutation of a request, and states how long to wait', async () => {
    const ann = person()
    const { done, errors } = await write(startProcess(), ann, 'like', 70)
    expect(done).toBe(60)
    expect(errors[0]).toMatchObject({
      message: 'Too many calls of like: the limit is 60 per minute. Try again in 1 second.',
      extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 1 },
    })
  })

  it('returns RequestFailed if the result union has it, so the results of the other mutations remain', async () => {
    const follow = 'follow { __typename ... on RequestFailed { code message retryAfterSeconds } }'
    const query = `mutation { a: ${follow} b: ${follow} c: ${follow} d: like }`
    const { data, errors } = await startProcess().execute({ query }, person())
    expect(errors).toBeUndefined()
    expect(data).toEqual({
      a: { __typename: 'FollowPayload' },
      b: { __typename: 'FollowPayload' },
      c: {
        __typename: 'RequestFailed',
        code: 'RATE_LIMITED',
        message: 'Too many calls of follow: the limit is 2 per minute. Try again in 30 seconds.',
        retryAfterSeconds: 30,
      },
      d: 1,
    })
  })

  it('counts per user, across all processes', async () => {
    const [ann, ben] = [person(), person()]
    const counts = await Promise.all([1, 2, 3, 4].map(() => write(startProcess(), ann, 'like', 30)))
    expect(counts.reduce((sum, { done }) => sum + done, 0)).toBe(60)
    expect((await write(startProcess(), ben, 'like', 5)).done).toBe(5)
  })

  it('allows further calls only as time passes', async () => {
    const [ann, subgraph] = [person(), startProcess()]
    await write(subgraph, ann, 'like', 60)
    expect((await write(subgraph, ann, 'like', 1)).done).toBe(0)
    now = new Date(now.getTime() + 10_000)
    expect((await write(subgraph, ann, 'like', 20)).done).toBe(10)
  })

  it('applies the default to a mutation without a limit', async () => {
    const { done, errors } = await write(startProcess(), person(), 'rename', OTHER_WRITES_PER_MINUTE + 1)
    expect([done, errors.length]).toEqual([OTHER_WRITES_PER_MINUTE, 1])
  })

  it('counts signed-out viewers per network, with a larger limit', async () => {
    const subgraph = startProcess()
    const at = (address: string) => ({ ...ANONYMOUS, address })
    expect((await write(subgraph, at('2001:db8::1'), 'rename', 600)).done).toBe(600)
    expect((await write(subgraph, at('2001:db8::2'), 'rename', 1)).done).toBe(0)
    expect((await write(subgraph, at('2001:db8:0:1::1'), 'rename', 1)).done).toBe(1)
  })

  it('does not apply if it is turned off', async () => {
    expect((await write(startProcess(0), person(), 'like', 200)).done).toBe(200)
  })

  it('does not query the database while the user must wait', async () => {
    const [ann, subgraph] = [person(), startProcess()]
    await write(subgraph, ann, 'like', 61)
    await pool.query(`DELETE FROM allowances WHERE key LIKE '%${ann.userId}'`)
    expect((await write(subgraph, ann, 'like', 1)).done).toBe(0)
  })
})
