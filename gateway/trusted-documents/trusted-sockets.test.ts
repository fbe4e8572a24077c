import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Client, createClient, type SubscribePayload } from 'graphql-ws'
import { WebSocket } from 'ws'
import { startTestGateway, type TestGateway } from '../../testing/gateway/start-gateway.ts'

const VIEWER = 'query Viewer { viewer { id } }'
const EVENTS = 'subscription Events { notificationReceived { id } }'

const idOf = (text: string) => createHash('sha256').update(text).digest('hex')
const hash = (id: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: id } } })

let folder: string
let gateway: TestGateway
let client: Client

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'moblog-operations-'))
  const operations = [VIEWER, EVENTS].map((body) => ({ id: idOf(body), name: 'A', type: 'query', body }))
  const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations }
  await writeFile(path.join(folder, 'manifest.json'), JSON.stringify(manifest))
  gateway = await startTestGateway({ GATEWAY_OPERATIONS: folder })
  client = createClient({
    url: gateway.url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  })
})
afterAll(async () => {
  await client.dispose()
  await gateway.stop()
  await rm(folder, { recursive: true })
})

/** The first result, or the errors with which the server refuses the operation. */
const first = (payload: SubscribePayload) =>
  client
    .iterate(payload)
    .next()
    .then(
      ({ value }) => value,
      (errors) => ({ errors }),
    )

describe('a gateway with a list of operations, over a WebSocket', () => {
  it.each([
    ['by its exact text', { query: VIEWER }],
    ['by its hash', { query: '', ...hash(idOf(VIEWER)) }],
    ['by its text and its hash', { query: VIEWER, ...hash(idOf(VIEWER)) }],
  ])('executes an operation of the list %s', async (_how, payload) => {
    expect(await first(payload)).toMatchObject({ data: { viewer: { id: expect.any(String) } } })
  })

  it('takes a subscription of the list by its hash, which then needs a session', async () => {
    expect(await first({ query: '', ...hash(idOf(EVENTS)) })).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    })
  })

  it.each([
    ['another text', { query: '{ viewer { handle } }' }],
    ['a text with other white space', { query: `${VIEWER} ` }],
    ['another text with the hash of a listed one', { query: '{ viewer { handle } }', ...hash(idOf(VIEWER)) }],
    ['an unknown hash', { query: '', ...hash('0'.repeat(64)) }],
    ['introspection', { query: '{ __schema { queryType { name } } }' }],
    ['another subscription', { query: 'subscription { notificationReceived { __typename } }' }],
  ])('refuses %s', async (_what, payload) => {
    expect(await first(payload)).toMatchObject({
      errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_IN_LIST' } }],
    })
  })
})
