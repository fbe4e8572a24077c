import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createClient } from 'graphql-ws'
import { unavailable } from '../platform/errors.ts'
import { createFeed } from '../platform/feed/feed.ts'
import { type HttpServer, startHttpServer } from '../platform/http/server.ts'
import type { Caller } from '../platform/identity/caller.ts'
import { createLog } from '../platform/log.ts'
import type { SubgraphClient } from '../platform/subgraph/client.ts'
import { type Keyring, openKeyring } from '../platform/tokens/keyring.ts'
import { createVerifier } from '../platform/tokens/verifier.ts'
import { SUBGRAPH_NAMES } from '../schema/subgraph-sdl.ts'
import { eventually } from '../testing/eventually.ts'
import { onRealSchema } from '../testing/fake-service.ts'
import { gatewayConfig } from './config.ts'
import { type Gateway, startGateway } from './gateway.ts'

const USER = {
  __typename: 'User',
  id: '01890000-0000-7000-8000-000000000001',
  handle: 'ann',
  displayName: 'Ann',
  relationship: 'SELF',
}

let directory: string
let communication: Keyring
let gateway: Gateway
let server: HttpServer
let url: string
let callers: Caller[]
// The response of `communication`, which each test sets.
let answer: SubgraphClient['execute']

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'moblog-gateway-'))
  communication = await openKeyring(directory, 'communication')
  const log = createLog('gateway', 'silent')
  const refuses: SubgraphClient = {
    execute: () => Promise.reject(unavailable('The blog service does not answer.')),
    close: async () => {},
  }
  gateway = await startGateway(
    {
      subgraphs: {
        ...Object.fromEntries(SUBGRAPH_NAMES.map((name) => [name, refuses])),
        communication: {
          execute: async (request, caller, work) => {
            callers.push(caller)
            return answer(request, caller, work)
          },
          close: async () => {},
        },
      },
      // The gateway's own query for session revocations, which it sends independently of the test's operations.
      communication: {
        execute: onRealSchema('communication', async ({ variables }) => ended(variables?.since)),
        close: async () => {},
      },
      verifier: createVerifier({ communication: communication.jwks }),
      notificationFeed: createFeed(),
      log,
    },
    gatewayConfig.parse({ NODE_ENV: 'test' }),
  )
  const ready = async () => {}
  server = await startHttpServer({ host: '127.0.0.1', port: 0, routes: gateway.routes, ready, log })
  url = `http://127.0.0.1:${server.port}/graphql`
})
afterAll(async () => {
  await server.stop()
  await gateway.stop()
  await rm(directory, { recursive: true })
})
beforeEach(() => {
  callers = []
  answer = async () => ({ data: { viewer: USER } })
})

// The ids of the revoked sessions and users that communication reports.
let sessionRevocations: string[] = []
const ended = (_since: unknown) => {
  const until = new Date(Date.now() + 60_000)
  return {
    data: {
      sessionRevocations: {
        sessionRevocations: sessionRevocations.map((id) => ({ id, until })),
        asOf: new Date(),
      },
    },
  }
}

async function ask(query: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  })
  const body = (await response.json()) as { data?: unknown; errors?: Record<string, unknown>[] }
  return { status: response.status, ...body }
}

const inAnHour = () => Math.floor(Date.now() / 1000) + 3600
const session = (claims: object = {}) =>
  communication.sign({ aud: 'gateway', exp: inAnHour(), sub: USER.id, sid: 's1', ...claims }, 'session+jwt')

describe('a client that accepts JSON and event streams', () => {
  const SUBSCRIPTION = 'subscription { notificationReceived { id } }'
  const accept = 'application/graphql-response+json, application/json, text/event-stream, multipart/mixed'
  const typeOf = async (init: RequestInit, search = '') => {
    const response = await fetch(`${url}${search}`, init)
    return [response.status, response.headers.get('content-type')?.split(';')[0], await response.text()]
  }
  const posted = (query: string, header = accept) => {
    const headers = { 'content-type': 'application/json', accept: header }
    return typeOf({ method: 'POST', headers, body: JSON.stringify({ query }) })
  }

  it('receives a subscription as an event stream, and other operations as JSON', async () => {
    const events = [200, 'text/event-stream', expect.stringContaining('UNAUTHENTICATED')]
    expect(await posted(SUBSCRIPTION)).toEqual(events)
    const search = `?query=${encodeURIComponent(SUBSCRIPTION)}`
    expect(await typeOf({ headers: { accept, 'apollo-require-preflight': '1' } }, search)).toEqual(events)
    expect((await posted('{ viewer { id } }'))[1]).toBe('application/graphql-response+json')
  })

  it('receives a subscription in the multipart protocol if it accepts that', async () => {
    expect(await posted(SUBSCRIPTION, 'multipart/mixed;subscriptionSpec=1.0, application/json')).toEqual([
      200,
      'multipart/mixed',
      expect.stringMatching(/"payload":\{"errors":.*UNAUTHENTICATED/),
    ])
  })

  it('receives an error that lists the protocols if it accepts no stream', async () => {
    const [, , text] = await posted(SUBSCRIPTION, 'application/json, multipart/mixed;deferSpec=20220824')
    for (const each of ['text/event-stream', 'subscriptionSpec=1.0', 'graphql-transport-ws']) {
      expect(text).toContain(each)
    }
  })

  it('receives the answer to an operation over a WebSocket, as its viewer', async () => {
    const token = await session()
    const client = createClient({
      url: url.replace('http', 'ws'),
      connectionParams: { authorization: `Bearer ${token}` },
    })
    const results = client.iterate({ query: '{ viewer { handle } }' })
    expect((await results.next()).value).toEqual({ data: { viewer: { handle: USER.handle } } })
    const broken = client.iterate({ query: '{ viewer { nothing } }' })
    await expect(broken.next()).rejects.toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'GRAPHQL_VALIDATION_FAILED' }) }),
    ])
    await client.dispose()
    expect(callers).toEqual([{ kind: 'viewer', userId: USER.id, sessionId: 's1', address: '127.0.0.1' }])
  })

  it('receives an error that names the missing "accept" header if it does not accept event streams', async () => {
    expect(await posted(SUBSCRIPTION, 'application/json')).toEqual([
      400,
      'application/json',
      expect.stringContaining('text/event-stream'),
    ])
  })
})

it("a response contains no extensions that describe the subgraphs' responses", async () => {
  answer = async () => ({ data: { viewer: { ...USER, handle: null } } })
  const body = await ask('{ viewer { id handle } }')
  expect(Object.keys(body).sort()).toEqual(['data', 'status'])
  expect(body.data).toEqual({ viewer: null })
})

describe('the gateway passes the viewer to subgraphs', () => {
  it('passes a signed-out viewer if the request has no token', async () => {
    await ask('{ viewer { handle } }')
    expect(callers).toEqual([{ kind: 'viewer', userId: null, sessionId: null, address: '127.0.0.1' }])
  })

  it('passes the user of an access token, and never the token itself', async () => {
    await ask('{ viewer { handle } }', { authorization: `Bearer ${await session()}` })
    expect(callers).toEqual([{ kind: 'viewer', userId: USER.id, sessionId: 's1', address: '127.0.0.1' }])
  })

  it.each([
    ['expired', async () => session({ exp: 1 })],
    [
      'of another kind',
      async () => communication.sign({ aud: 'gateway', exp: inAnHour(), sub: 'x' }, 'media+jwt'),
    ],
    ['for another audience', async () => session({ aud: 'storage' })],
    ['without a user', async () => session({ sub: undefined })],
    ['nonsense', async () => 'nonsense'],
  ])('answers 401 and calls no subgraph if the token is %s', async (_what, make) => {
    const { status, errors } = await ask('{ viewer { handle } }', { authorization: `Bearer ${await make()}` })
    expect(status).toBe(401)
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } })
    expect(callers).toEqual([])
  })
})

describe('the gateway refuses access tokens after a session revocation', () => {
  beforeEach(() => {
    sessionRevocations = []
  })

  it.each([
    ['session', 'ended-session'],
    ['user', 'ended-user'],
  ])('refuses the tokens of a revoked %s within two seconds of learning of it', async (what, id) => {
    const claims = what === 'session' ? { sid: id } : { sub: id }
    const headers = { authorization: `Bearer ${await session(claims)}` }
    expect((await ask('{ viewer { handle } }', headers)).status).toBe(200)
    sessionRevocations = [id]
    const since = Date.now()
    while ((await ask('{ viewer { handle } }', headers)).status === 200) {
      expect(Date.now() - since).toBeLessThan(2_000)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const other = { authorization: `Bearer ${await session({ sid: 'another' })}` }
    expect((await ask('{ viewer { handle } }', other)).status).toBe(200)
  })
})

describe('the gateway limits what an operation may cost', () => {
  it('answers 413 to a body of 10 MB', async () => {
    const { status, errors } = await ask(`{ viewer { handle } } #${'x'.repeat(10_000_000)}`)
    expect(status).toBe(413)
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_REQUEST' } })
  })

  const nested = (depth: number) =>
    `${'{ viewer { moblog { owner '.repeat(depth)}{ id }${' } }'.repeat(depth)} }`
  it.each([
    ['nests too deep', `{ viewer { ${'moblog { owner { '.repeat(10)} id ${'} } '.repeat(10)} } }`],
    ['has too many aliases', `{ ${Array.from({ length: 60 }, (_, i) => `a${i}: viewer { id }`).join(' ')} }`],
    ['has too many tokens', `{ viewer { ${'id '.repeat(6_000)} } }`],
    ['selects an unknown field', '{ viewer { shoeSize } }'],
    ['selects a field that only services may use', '{ relationshipsOf(userIds: []) { userId } }'],
    ['is not GraphQL', nested(1).slice(5)],
  ])('refuses an operation that %s with 400', async (_what, query) => {
    const { status, errors } = await ask(query)
    expect(status).toBe(400)
    expect(errors?.[0]).toMatchObject({
      extensions: { code: expect.stringMatching(/^GRAPHQL_(PARSE|VALIDATION)_FAILED$/) },
    })
    expect(callers).toEqual([])
  })
})

describe('the gateway refuses expensive operations before it calls a subgraph', () => {
  const repeated = (count: number, text: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => text(index)).join(' ')
  const pages = '(first: $n) { edges { node { post { comments'.repeat(3)
  const attack = `query ($n: Int) { post(id: "1") { comments${pages} { edges { cursor } } ${'} } } }'.repeat(3)} } }`

  it.each([
    ['pages within pages', attack],
    ['the same selection a thousand times', `{ ${repeated(1_000, () => 'viewer { id }')} }`],
    [
      'fragments that multiply',
      `{ viewer { ...F0 } } ${repeated(60, (n) => `fragment F${n} on User { id ...F${n + 1} ...F${n + 1} }`)} fragment F60 on User { id }`,
    ],
    [
      'fragments in a circle',
      `{ viewer { ...F0 } } ${repeated(400, (n) => `fragment F${n} on User { id ...F${(n + 1) % 400} }`)}`,
    ],
    [
      'introspection, many times',
      `{ ${repeated(45, (n) => `a${n}: __schema { types { fields { args { type { name } } type { name } } } }`)} }`,
    ],
  ])('refuses %s', async (_what, query) => {
    const begun = performance.now()
    for (const accept of ['application/json', 'text/event-stream']) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept },
        body: JSON.stringify({ query, variables: { n: 100 } }),
      })
      const text = await response.text()
      expect(text).toContain('OPERATION_TOO_COSTLY')
      expect(text).not.toMatch(/syntax/i)
      if (accept === 'application/json') expect(response.status).toBe(400)
    }
    expect(callers).toEqual([])
    // Validation alone would take seconds. The limit leaves room for a busy machine.
    expect(performance.now() - begun).toBeLessThan(2_500)
  })

  it('refuses a subscription whose variable has a wrong type with the code that a query gets, and without the value', async () => {
    const query = 'subscription ($after: ID) { notificationReceived(after: $after) { id } }'
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query, variables: { after: { hidden: 'secret' } } }),
    })
    const answer = await response.text()
    expect(answer).toContain('"code":"BAD_USER_INPUT"')
    expect(answer).not.toMatch(/hidden|secret/)
  })

  it('refuses a subscription with expensive events before the first event', async () => {
    const page = (inner: string) => `post { comments(first: $n) { edges { node { ${inner} } } } }`
    const selection = page(page('id text author { id handle displayName about }'))
    const query = `subscription ($n: Int) { notificationReceived { ... on PostLiked { ${selection} } } }`
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${await session()}`,
      },
      body: JSON.stringify({ query, variables: { n: 100 } }),
    })
    expect(await response.text()).toContain('OPERATION_TOO_COSTLY')
  })

  it("answers 400 if the subgraphs' results together exceed the limit", async () => {
    answer = async (_request, _caller, work) => {
      work?.spend(200_000, 0)
      return { data: { viewer: USER } }
    }
    const { status, errors } = await ask('{ viewer { handle } }')
    expect(status).toBe(400)
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'OPERATION_TOO_COSTLY' } })
  })
})

describe("the gateway's error responses", () => {
  it('keep the data of other subgraphs when one is down, and name the one that is down', async () => {
    const { data, errors } = await ask('{ viewer { handle moblog { title } } }')
    expect(data).toEqual({ viewer: { handle: 'ann', moblog: null } })
    expect(errors).toEqual([
      expect.objectContaining({
        message: 'The blog service does not answer.',
        extensions: expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }),
      }),
    ])
  })

  it("mask a subgraph's unexpected error", async () => {
    answer = () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7:4001 password=hunter2'))
    const { errors } = await ask('{ viewer { handle } }')
    expect(JSON.stringify(errors)).not.toMatch(/10\.0\.0\.7|hunter2|stacktrace/)
    expect(errors?.[0]).toMatchObject({
      message: 'An internal error occurred. Try again later.',
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    })
  })

  it("contain a subgraph's visible errors unchanged", async () => {
    answer = async () => ({
      data: null,
      errors: [{ message: 'No.', extensions: { code: 'FORBIDDEN' } } as never],
    })
    const { errors } = await ask('{ viewer { handle } }')
    expect(errors?.[0]).toMatchObject({ message: 'No.', extensions: { code: 'FORBIDDEN' } })
  })
})

describe("the gateway's GraphQL address", () => {
  it('shows Apollo Sandbox to a browser', async () => {
    const response = await fetch(url, { headers: { accept: 'text/html' } })
    expect(response.headers.get('content-type')).toMatch('text/html')
    expect(await response.text()).toMatch(/sandbox/i)
  })

  it('accepts requests from any origin', async () => {
    const response = await fetch(url, { method: 'OPTIONS', headers: { origin: 'https://app.example' } })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-headers')).toMatch('authorization')
  })

  it("refuses a form post, which another site's page could send", async () => {
    const response = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams({ query: '{ viewer { id } }' }),
    })
    expect(response.status).toBe(415)
  })
})

describe('many operations at the same time', () => {
  it('take turns for each viewer, mutations apart from queries, and do not delay other viewers', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    const [ann, bob] = await Promise.all([session(), session({ sub: USER.id.replace(/1$/, '2') })])
    let running = 0
    let most = 0
    answer = async (_request, caller) => {
      if (caller.kind !== 'viewer' || caller.userId !== USER.id) return { data: { viewer: USER } }
      running += 1
      most = Math.max(most, running)
      await held
      running -= 1
      return { data: { viewer: USER } }
    }
    const asAnn = { authorization: `Bearer ${ann}` }
    const all = Array.from({ length: 30 }, () => ask('{ viewer { handle } }', asAnn))
    await eventually(() => running > 0)
    const other = await ask('{ viewer { handle } }', { authorization: `Bearer ${bob}` })
    expect(other.data).toEqual({ viewer: { handle: 'ann' } })
    const mutations = Array.from({ length: 6 }, () => ask('mutation { signOut { __typename } }', asAnn))
    await eventually(() => running === 8)
    release()
    await Promise.all(mutations)
    for (const { data } of await Promise.all(all)) expect(data).toEqual({ viewer: { handle: 'ann' } })
    expect(most).toBe(8)
  })
})
