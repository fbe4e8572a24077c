import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import { jest } from '@jest/globals'
import { Pool } from 'undici'
import { createTestHost, type TestHost } from '../../testing/host.ts'
import { VisibleError } from '../errors.ts'
import { type HttpServer, startHttpServer } from '../http/server.ts'
import { FURTHER_ASSERTIONS, signCaller, signViewers } from '../identity/assertion.ts'
import { ANONYMOUS, type Caller, type Viewer } from '../identity/caller.ts'
import { createLog, type Log } from '../log.ts'
import { httpClient } from './client.ts'
import { subgraphRoute } from './http-route.ts'
import { perRequest } from './per-request.ts'
import { createSubgraph, type Subgraph } from './subgraph.ts'
import { createWork, type Work } from './work.ts'

const typeDefs = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query {
    whoAmI: String!
    echo(text: String!): String
    broken: String
    refused: String
  }
  type Mutation { say: String }
  type Thing @key(fields: "id") { id: ID! name: String! }
`
const viewer: Viewer = { kind: 'viewer', userId: 'u1', sessionId: 's1' }

let logged: string[]
let subgraph: Subgraph

beforeEach(() => {
  logged = []
  const log = { ...createLog('test', 'silent'), error: (_fields: object, text: string) => logged.push(text) }
  subgraph = createSubgraph({
    limitWrite: null,
    name: 'things',
    typeDefs,
    context: (caller) => ({ caller }),
    log: log as unknown as Log,
    resolvers: {
      Query: {
        whoAmI: (_: unknown, __: unknown, { caller }: { caller: Caller }) => JSON.stringify(caller),
        echo: (_: unknown, { text }: { text: string }) => {
          if (text === '') throw new VisibleError('BAD_USER_INPUT', 'Say something.')
          return text
        },
        broken: () => {
          throw new Error('SELECT * FROM passwords failed at /srv/app')
        },
        refused: () => {
          throw new VisibleError('FORBIDDEN', 'Not today.')
        },
      },
      Mutation: { say: () => null },
      Thing: { __resolveReference: ({ id }: { id: string }) => ({ id, name: `thing ${id}` }) },
    },
  })
})

describe('the requests of one operation', () => {
  const read = '{ reads }'
  let created: number
  beforeEach(() => {
    created = 0
    let values = 0
    const cached = perRequest(() => ++values)
    subgraph = createSubgraph({
      limitWrite: null,
      name: 'counters',
      typeDefs: `
        extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
        type Query { reads: Int! }
        type Mutation { write: Int! count: Count! }
        type Count { number: Int! cached: Int! }
      `,
      context: (caller) => ({ caller, number: ++created }),
      log: createLog('test', 'silent'),
      resolvers: {
        Query: { reads: (_: unknown, __: unknown, { number }: { number: number }) => number },
        Mutation: {
          write: (_: unknown, __: unknown, { number }: { number: number }) => number,
          count: () => ({}),
        },
        Count: {
          number: (_: unknown, __: unknown, { number }: { number: number }) => number,
          cached: (_: unknown, __: unknown, context: object) => cached(context),
        },
      },
    })
  })
  const ask = async (query: string, work?: Work, caller = viewer) =>
    Object.values((await subgraph.execute({ query }, caller, work)).data ?? {})[0]

  it('share what they read', async () => {
    const work = createWork()
    expect(await Promise.all([ask(read, work), ask(read, work)])).toEqual([1, 1])
    expect(await ask(read, work)).toBe(1)
  })

  it('share nothing with other operations, or for another viewer', async () => {
    const work = createWork()
    expect([await ask(read, work), await ask(read, createWork()), await ask(read)]).toEqual([1, 2, 3])
    expect(await ask(read, work, ANONYMOUS)).toBe(4)
  })

  it('do not share between the mutations of an operation, but among the fields of one', async () => {
    const result = await subgraph.execute(
      {
        query:
          'mutation { a: count { number cached again: cached } b: count { number cached again: cached } }',
      },
      viewer,
    )
    expect(result.data).toEqual({
      a: { number: 1, cached: 1, again: 1 },
      b: { number: 2, cached: 2, again: 2 },
    })
  })

  it('share nothing if the operation changes data', async () => {
    const work = createWork()
    expect(await ask(read, work)).toBe(1)
    expect(await ask('mutation { write }', work)).toBe(2)
    expect([await ask(read, work), await ask(read, work)]).toEqual([3, 4])
  })
})

describe('a subgraph', () => {
  it('answers a viewer', async () => {
    const { data } = await subgraph.execute({ query: '{ whoAmI }' }, viewer)
    expect(JSON.parse(String(data?.whoAmI))).toEqual(viewer)
  })

  it('resolves entities in the order of the request', async () => {
    const query = 'query($r: [_Any!]!) { _entities(representations: $r) { ... on Thing { name } } }'
    const r = ['b', 'a'].map((id) => ({ __typename: 'Thing', id }))
    const { data } = await subgraph.execute({ query, variables: { r } }, viewer)
    expect(data?._entities).toMatchObject([{ name: 'thing b' }, { name: 'thing a' }])
  })

  it('masks and logs an unexpected error', async () => {
    const { errors } = await subgraph.execute({ query: '{ broken }' }, viewer)
    expect(errors?.[0]).toMatchObject({
      message: 'An internal error occurred. Try again later.',
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
      path: ['broken'],
    })
    expect(JSON.stringify(errors)).not.toContain('passwords')
    expect(logged).toEqual(['resolver failed'])
  })

  it('returns visible errors unchanged', async () => {
    const { errors } = await subgraph.execute({ query: '{ refused }' }, viewer)
    expect(errors?.[0]).toMatchObject({ message: 'Not today.', extensions: { code: 'FORBIDDEN' } })
  })

  it.each([
    ['{ nonsense', 'BAD_USER_INPUT'],
    ['{ noSuchField }', 'BAD_USER_INPUT'],
    [`{ ${'whoAmI '.repeat(20_000)} }`, 'BAD_USER_INPUT'],
  ])('refuses the invalid operation %#', async (query, code) => {
    const { errors } = await subgraph.execute({ query }, viewer)
    expect(errors?.[0]?.extensions.code).toBe(code)
  })
})

describe('a subgraph over HTTP', () => {
  let host: TestHost
  let server: HttpServer
  let url: string

  beforeEach(async () => {
    host = await createTestHost({
      name: 'things',
      issuers: ['things', 'gateway', 'storage', 'stranger'],
      databaseUrl: '',
    })
    server = await startHttpServer({
      host: '127.0.0.1',
      port: 0,
      routes: [subgraphRoute({ subgraph, verifier: host.verifier })],
      ready: async () => {},
      log: host.log,
    })
    url = `http://127.0.0.1:${server.port}`
  })
  afterEach(async () => {
    await server.stop()
    await host.close()
  })

  const ring = (name: string) => {
    const keyring = host.keyrings[name]
    if (!keyring) throw new Error(name)
    return keyring
  }

  it('accepts viewers that the gateway signed', async () => {
    const client = httpClient({ name: 'things', url, keyring: ring('gateway') })
    const asUser = await client.execute({ query: '{ whoAmI }' }, viewer)
    expect(JSON.parse(String(asUser.data?.whoAmI))).toEqual(viewer)
    const signedOut = await client.execute({ query: '{ whoAmI }' }, ANONYMOUS)
    expect(JSON.parse(String(signedOut.data?.whoAmI))).toEqual(ANONYMOUS)
    await client.close()
  })

  it('receives simultaneous queries of several viewers in one request, and answers each viewer', async () => {
    const sent = jest.spyOn(Pool.prototype, 'dispatch')
    const client = httpClient({ name: 'things', url, keyring: ring('gateway') })
    const query = 'query ($text: String!) { whoAmI echo(text: $text) }'
    const viewers: Viewer[] = Array.from({ length: 120 }, (_, index) => ({
      kind: 'viewer',
      userId: randomUUID(),
      sessionId: randomUUID(),
      address: `2001:db8:85a3:8d3:1319:8a2e:3700:${1000 + index}`,
    }))
    const answers = await Promise.all(
      viewers.map((each, index) =>
        client.execute({ query, variables: { text: index === 7 ? '' : `${index}` } }, each),
      ),
    )
    for (const [index, { data, errors }] of answers.entries()) {
      expect(JSON.parse(String(data?.whoAmI))).toEqual(viewers[index])
      expect(data?.echo).toBe(index === 7 ? null : `${index}`)
      expect(errors?.[0]?.message).toBe(index === 7 ? 'Say something.' : undefined)
    }
    expect(sent).toHaveBeenCalledTimes(3)
    sent.mockRestore()
    await client.close()
  })

  it('receives simultaneous queries of few viewers with the assertion of each, once they are known', async () => {
    const client = httpClient({ name: 'things', url, keyring: ring('gateway') })
    const viewers = Array.from({ length: 4 }, (): Viewer => ({ ...ANONYMOUS, userId: randomUUID() }))
    const sent = jest.spyOn(Pool.prototype, 'dispatch')
    for (let time = 0; time < 6; time++) {
      const answers = await Promise.all(viewers.map((each) => client.execute({ query: '{ whoAmI }' }, each)))
      const names = answers.map(({ data }) => JSON.parse(String(data?.whoAmI)))
      expect(names).toEqual(viewers)
    }
    const further = sent.mock.calls.map(([{ headers }]) => Reflect.get(headers ?? {}, FURTHER_ASSERTIONS))
    const counts = further.map((header) => (typeof header === 'string' ? header.split(',').length : 0))
    expect(counts).toEqual([0, 0, 0, 3, 3, 3])
    sent.mockRestore()
    await client.close()
  })

  it.each([
    ['for another subgraph', 'gateway', 'others', 401],
    ['of a service for a viewer', 'storage', 'things', 401],
    ['of the gateway', 'gateway', 'things', 200],
  ])('reads a further assertion %s', async (_what, issuer, audience, status) => {
    const [token, further] = await Promise.all([
      signCaller(ring('gateway'), ANONYMOUS, 'things'),
      signCaller(ring(issuer), viewer, audience),
    ])
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, [FURTHER_ASSERTIONS]: further },
      body: JSON.stringify({ query: '{ whoAmI }', variables: [{}, {}] }),
    })
    expect(answer.status).toBe(status)
  })

  it.each(['', ',', 'nonsense'])('refuses the further assertions %j', async (further) => {
    const token = await signCaller(ring('gateway'), ANONYMOUS, 'things')
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, [FURTHER_ASSERTIONS]: further },
      body: JSON.stringify({ query: '{ whoAmI }', variables: [{}, {}] }),
    })
    expect(answer.status).toBe(401)
  })

  it('receives different queries and mutations in separate requests', async () => {
    const sent = jest.spyOn(Pool.prototype, 'dispatch')
    const client = httpClient({ name: 'things', url, keyring: ring('gateway') })
    const queries = ['{ whoAmI }', '{ me: whoAmI }', 'mutation { say }', 'mutation { say }']
    await Promise.all(queries.map((query) => client.execute({ query }, viewer)))
    expect(sent).toHaveBeenCalledTimes(4)
    sent.mockRestore()
    await client.close()
  })

  it.each([
    ['fewer variables than viewers', [{ text: 'a' }]],
    ['more variables than viewers', [{ text: 'a' }, { text: 'b' }, { text: 'c' }]],
    ['variables that are not a list', { text: 'a' }],
    ['no variables', undefined],
  ])('refuses a batch with %s', async (_what, variables) => {
    const token = await signViewers(ring('gateway'), [ANONYMOUS, ANONYMOUS], 'things')
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: 'query ($text: String!) { echo(text: $text) }', variables }),
    })
    expect(answer.status).toBe(400)
  })

  it('refuses a batch of viewers that a service signed instead of the gateway', async () => {
    const token = await signViewers(ring('storage'), [ANONYMOUS, ANONYMOUS], 'things')
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: '{ whoAmI }', variables: [{}, {}] }),
    })
    expect(answer.status).toBe(401)
  })

  it.each([
    ['a service signs for a viewer', 'storage', 'things'],
    ['the assertion is for another subgraph', 'gateway', 'others'],
  ])('refuses the request if %s', async (_what, issuer, audience) => {
    const client = httpClient({ name: audience, url, keyring: ring(issuer) })
    await expect(client.execute({ query: '{ whoAmI }' }, viewer)).rejects.toMatchObject({
      extensions: { code: 'SERVICE_UNAVAILABLE' },
    })
    await client.close()
  })

  it.each(['gateway', 'storage', 'stranger'])('refuses %s when it speaks for itself', async (issuer) => {
    const token = await signCaller(ring(issuer), { kind: 'service', service: issuer }, 'things')
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: '{ whoAmI }' }),
    })
    expect(answer.status).toBe(401)
  })

  it.each([
    ['{ whoAmI }'],
    ['{ _service { sdl } }'],
    ['{ _entities(representations: [{ __typename: "Thing", id: "1" }]) { __typename } }'],
    ['{ __typename }'],
  ])('answers 401 without an assertion: %s', async (query) => {
    const answer = await fetch(`${url}/graphql`, { method: 'POST', body: JSON.stringify({ query }) })
    expect(answer.status).toBe(401)
    expect(await answer.json()).toEqual({
      errors: [
        {
          message: 'The assertion is missing or invalid. Only the gateway may send requests here.',
          extensions: { code: 'UNAUTHENTICATED', requestId: expect.any(String) },
        },
      ],
    })
  })

  it('causes the error "does not answer" when it is down', async () => {
    const client = httpClient({ name: 'things', url, keyring: ring('gateway') })
    await server.stop()
    await expect(client.execute({ query: '{ whoAmI }' }, viewer)).rejects.toMatchObject({
      message: 'The things service does not answer. Try again in a moment.',
    })
    await client.close()
  })

  it('causes SERVICE_UNAVAILABLE when it does not answer in time', async () => {
    const { createServer } = await import('node:http')
    const hanging: Server = createServer(() => {})
    await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve))
    const address = hanging.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const keyring = ring('gateway')
    const client = httpClient({ name: 'things', url: `http://127.0.0.1:${port}`, keyring, timeoutMs: 300 })
    await expect(client.execute({ query: 'mutation { x }' }, viewer)).rejects.toMatchObject({
      extensions: { code: 'SERVICE_UNAVAILABLE' },
    })
    hanging.closeAllConnections()
    hanging.close()
  })
})
