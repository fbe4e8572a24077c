import { createHash } from 'node:crypto'
import { createFeed } from '../platform/feed/feed.ts'
import { type HttpServer, startHttpServer } from '../platform/http/server.ts'
import type { Log } from '../platform/log.ts'
import type { SubgraphClient } from '../platform/subgraph/client.ts'
import { createVerifier } from '../platform/tokens/verifier.ts'
import { SUBGRAPH_NAMES } from '../schema/subgraph-sdl.ts'
import { communicationWithoutRevocations } from '../testing/gateway/start-gateway.ts'
import { gatewayConfig } from './config.ts'
import { type Gateway, startGateway } from './gateway.ts'

const logged: unknown[] = []
const log: Log = {
  debug() {},
  info() {},
  warn() {},
  error: (...line: unknown[]) => void logged.push(line),
}
const answers: SubgraphClient = {
  execute: async () => ({ data: { viewer: null } }),
  close: async () => {},
}

let gateway: Gateway
let server: HttpServer
let url: string

beforeAll(async () => {
  const host = {
    subgraphs: Object.fromEntries(SUBGRAPH_NAMES.map((name) => [name, answers])),
    communication: communicationWithoutRevocations,
    verifier: createVerifier({}),
    notificationFeed: createFeed(),
    log,
  }
  gateway = await startGateway(host, gatewayConfig.parse({ NODE_ENV: 'production' }))
  const ready = async () => {}
  server = await startHttpServer({ host: '127.0.0.1', port: 0, routes: gateway.routes, ready, log })
  url = `http://127.0.0.1:${server.port}/graphql`
})
afterAll(async () => {
  await server.stop()
  await gateway.stop()
})
beforeEach(() => void logged.splice(0))

async function send(body: unknown, init: RequestInit = {}, search = '') {
  const response = await fetch(`${url}${search}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    ...(init.method !== 'GET' && { body: JSON.stringify(body) }),
    ...init,
  })
  const text = await response.text()
  const { errors } = JSON.parse(text) as { errors?: { extensions?: { code?: string } }[] }
  return { status: response.status, code: errors?.[0]?.extensions?.code, text }
}

const VIEWER = 'query A { viewer { id } }'
const OTHER = 'query B { viewer { handle } }'
const withHash = (sha256Hash: unknown, version: unknown = 1) => ({
  query: VIEWER,
  extensions: { persistedQuery: { version, sha256Hash } },
})

describe('a mistake of a client', () => {
  it.each([
    ['an unknown operation', { query: VIEWER, operationName: 'B' }, 'OPERATION_RESOLUTION_FAILURE'],
    ['an empty operation name', { query: VIEWER, operationName: '' }, 'OPERATION_RESOLUTION_FAILURE'],
    [
      'two operations without an operation name',
      { query: `${VIEWER} ${OTHER}` },
      'OPERATION_RESOLUTION_FAILURE',
    ],
    ['only a fragment', { query: 'fragment F on User { id }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['a subscription', { query: 'subscription { notificationReceived { id } }' }, 'BAD_REQUEST'],
    ['a wrong hash', withHash('0'.repeat(64)), 'BAD_REQUEST'],
    ['a hash that is not a string', withHash({}), 'BAD_REQUEST'],
    ['an unknown version of persisted queries', withHash('0'.repeat(64), 2), 'BAD_REQUEST'],
    ['an unknown field', { query: '{ viewer { idd } }' }, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'an enum value that is misspelled',
      { query: '{ viewer { friendRequests(direction: SEND) { edges { cursor } } } }' },
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'an input field that is misspelled',
      {
        query: 'mutation($i: SignInInput!) { signIn(input: $i) { __typename } }',
        variables: { i: { handel: 'a', password: 'b', handle: 'a' } },
      },
      'BAD_USER_INPUT',
    ],
    ['introspection', { query: '{ __schema { types { name } } }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['a batch', [{ query: VIEWER }], 'BAD_REQUEST'],
    ['a document that is a JSON object', { query: { kind: 'Document' } }, 'BAD_REQUEST'],
  ])(
    'is answered with 400 if it is %s, without suggestions and without a log line',
    async (_what, body, code) => {
      const answer = await send(body)
      expect({ status: answer.status, code: answer.code }).toEqual({ status: 400, code })
      expect(answer.text).not.toMatch(/Did you mean|Apollo|introspection: true/)
      expect(logged).toEqual([])
    },
  )

  it('is answered with 400 for GET as well', async () => {
    const search = `?query=${encodeURIComponent(VIEWER)}&operationName=B`
    const answer = await send(null, { method: 'GET', headers: { 'apollo-require-preflight': '1' } }, search)
    expect([answer.status, answer.code]).toEqual([400, 'OPERATION_RESOLUTION_FAILURE'])
  })

  it.each(['GET', 'PUT', 'DELETE'])('is answered without the name of a product for %s', async (method) => {
    const answer = await send(
      null,
      { method, headers: { accept: 'application/json' } },
      '?query={viewer{id}}',
    )
    expect([400, 405]).toContain(answer.status)
    expect(answer.text).not.toMatch(/Apollo/)
    expect(logged).toEqual([])
  })
})

it('answers a persisted query by its hash', async () => {
  const hash = createHash('sha256').update(VIEWER).digest('hex')
  expect((await send(withHash(hash))).status).toBe(200)
  expect((await send({ extensions: { persistedQuery: { version: 1, sha256Hash: hash } } })).status).toBe(200)
})

it('answers at an address that ends in a slash', async () => {
  expect((await send({ query: VIEWER }, {}, '/')).status).toBe(200)
})
