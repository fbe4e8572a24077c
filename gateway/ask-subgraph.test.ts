import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { unavailable } from '../platform/errors.ts'
import { ANONYMOUS } from '../platform/identity/caller.ts'
import { createLog } from '../platform/log.ts'
import { httpClient } from '../platform/subgraph/client.ts'
import { createWork } from '../platform/subgraph/work.ts'
import { createTestHost, type TestHost } from '../testing/host.ts'
import { createAskSubgraph } from './ask-subgraph.ts'

const context = () => ({ viewer: ANONYMOUS, work: createWork() })
const request = { query: '{ a }' }

/** A subgraph that counts requests and answers with what `behave` returns. */
function subgraph(behave: () => Promise<object>) {
  let asked = 0
  const execute = () => {
    asked += 1
    return behave()
  }
  const client = { execute, close: async () => {} }
  return { ask: createAskSubgraph({ blog: client }, createLog('test', 'silent')), asked: () => asked }
}

describe('asking a subgraph', () => {
  it.each([{}, [], null, { data: null }, { errors: [] }, { data: null, errors: [] }, { data: 'text' }])(
    'does not take %j for an answer',
    async (answer) => {
      const { ask } = subgraph(async () => answer as object)
      await expect(ask('blog', request, context())).rejects.toMatchObject({
        extensions: { code: 'SERVICE_UNAVAILABLE' },
      })
    },
  )

  it('stops after five outages in a row, and starts again after a moment', async () => {
    let isDown = true
    const { ask, asked } = subgraph(async () => {
      if (isDown) throw unavailable('The blog service does not answer.')
      return { data: { a: 1 } }
    })
    for (let n = 0; n < 20; n++) {
      await expect(ask('blog', request, context())).rejects.toMatchObject({
        extensions: { code: 'SERVICE_UNAVAILABLE' },
        message: expect.stringContaining('blog service does not answer'),
      })
    }
    expect(asked()).toBe(5)
    isDown = false
    await sleep(1_100)
    const results = await Promise.all([1, 2, 3].map(() => ask('blog', request, context())))
    expect(results).toEqual([{ data: { a: 1 } }, { data: { a: 1 } }, { data: { a: 1 } }])
  })

  it('does not stop because of other errors, which say that the subgraph works', async () => {
    const { ask, asked } = subgraph(() => Promise.reject(new Error('a bug')))
    for (let n = 0; n < 20; n++) await expect(ask('blog', request, context())).rejects.toThrow('a bug')
    expect(asked()).toBe(20)
  })

  it('ends as soon as the signal aborts, and asks nothing after that', async () => {
    const { ask, asked } = subgraph(() => new Promise(() => {}))
    const ended = new AbortController()
    const answer = ask('blog', request, { ...context(), signal: ended.signal })
    ended.abort(unavailable('The client closed the connection.'))
    await expect(answer).rejects.toThrow('closed')
    await expect(ask('blog', request, { ...context(), signal: ended.signal })).rejects.toThrow('closed')
    expect(asked()).toBe(1)
  })
})

describe('asking a subgraph over HTTP', () => {
  let host: TestHost
  let asked = 0
  let status: number | 'timeout' | 'network error' = 200
  const server = createServer((request, response) => {
    asked += 1
    if (status === 'network error') request.socket.destroy()
    else if (status !== 'timeout') request.resume().on('end', () => response.writeHead(Number(status)).end())
  })

  beforeAll(async () => {
    host = await createTestHost({ name: 'gateway', issuers: ['gateway'], databaseUrl: '' })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(async () => {
    server.closeAllConnections()
    server.close()
    await host.close()
  })

  /** How many of eight requests reach a subgraph that always behaves like this, and the codes of their errors. */
  async function reached(behaviour: typeof status, query: string) {
    status = behaviour
    asked = 0
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const url = `http://127.0.0.1:${port}`
    const client = httpClient({ name: 'blog', url, keyring: host.keyring, timeoutMs: 50 })
    const ask = createAskSubgraph({ blog: client }, createLog('test', 'silent'))
    const codes = new Set<unknown>()
    for (let n = 0; n < 8; n++)
      await ask('blog', { query }, context()).catch((error) => codes.add(error.extensions.code))
    await client.close()
    return { asked, codes: [...codes] }
  }

  it.each([
    [400, 'BAD_USER_INPUT'],
    [401, 'SERVICE_UNAVAILABLE'],
    [403, 'SERVICE_UNAVAILABLE'],
    [404, 'SERVICE_UNAVAILABLE'],
    [408, 'SERVICE_UNAVAILABLE'],
    [413, 'BAD_USER_INPUT'],
    [415, 'BAD_USER_INPUT'],
    [422, 'BAD_USER_INPUT'],
    [429, 'SERVICE_UNAVAILABLE'],
  ])('goes on after the status %i', async (given, code) => {
    for (const query of ['{ a }', 'mutation { a }'])
      expect(await reached(given, query)).toEqual({ asked: 8, codes: [code] })
  })

  it('goes on after any status from 400 to 499, and stops after five of any status from 500 to 599', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 400, max: 599 }), async (given) => {
        expect((await reached(given, 'mutation { a }')).asked).toBe(given < 500 ? 8 : 5)
      }),
      { numRuns: 30 },
    )
  })

  it.each(['timeout', 'network error'] as const)(
    'stops after five requests that end with a %s',
    async (given) => {
      expect(await reached(given, 'mutation { a }')).toEqual({ asked: 5, codes: ['SERVICE_UNAVAILABLE'] })
    },
  )
})
