import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { startTestGateway, type TestGateway } from '../../testing/gateway/start-gateway.ts'

// A single operation uses so much more that the tests end before something is free again.
const PER_MINUTE = '1'
const QUERY = '{ viewer { handle } }'

let gateway: TestGateway
afterEach(() => gateway.stop())

async function ask(headers: Record<string, string> = {}, query = QUERY) {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  })
  const text = await response.text()
  return { status: response.status, retryAfter: response.headers.get('retry-after'), text }
}

const REFUSED = {
  status: 429,
  retryAfter: expect.stringMatching(/^\d+$/),
  text: expect.stringMatching(/"code":"RATE_LIMITED".*"retryAfterSeconds":\d+/),
}

describe('an operation beyond the rate limit', () => {
  it.each([
    ['a query', { accept: 'application/json' }],
    [
      'a query of a client that accepts the type for GraphQL',
      { accept: 'application/graphql-response+json' },
    ],
    ['a stream of server-sent events', { accept: 'text/event-stream' }],
    ['a stream in the multipart protocol', { accept: 'multipart/mixed;subscriptionSpec=1.0' }],
  ])('is refused with 429 and "Retry-After": %s', async (_what, headers) => {
    gateway = await startTestGateway({ GATEWAY_COST_PER_MINUTE: PER_MINUTE })
    expect((await ask()).status).toBe(200)
    expect(await ask(headers, 'subscription { notificationReceived { id } }')).toMatchObject(REFUSED)
    expect(await ask(headers)).toMatchObject(REFUSED)
  })

  it('is refused while the operation before it runs', async () => {
    gateway = await startTestGateway({ GATEWAY_COST_PER_MINUTE: PER_MINUTE })
    const answers = await Promise.all(Array.from({ length: 30 }, () => ask()))
    const refused = answers.filter(({ status }) => status !== 200)
    expect(refused.length).toBeGreaterThanOrEqual(29)
    for (const answer of refused) expect(answer).toMatchObject(REFUSED)
  })

  it('is refused after documents that are not valid', async () => {
    gateway = await startTestGateway({ GATEWAY_COST_PER_MINUTE: PER_MINUTE })
    expect((await ask({}, '{ viewer { no } }')).status).toBe(400)
    expect(await ask()).toMatchObject(REFUSED)
  })

  it('is refused after documents that are too large to be validated', async () => {
    gateway = await startTestGateway({ GATEWAY_COST_PER_MINUTE: PER_MINUTE })
    expect((await ask({}, `{ ${'a '.repeat(6_000)} }`)).status).toBe(400)
    expect(await ask()).toMatchObject(REFUSED)
  })

  it('is refused after requests with a token that is not valid', async () => {
    gateway = await startTestGateway({ GATEWAY_COST_PER_MINUTE: PER_MINUTE })
    const authorization = 'Bearer nonsense'
    expect((await ask({ authorization })).status).toBe(401)
    expect(await ask({ authorization })).toMatchObject(REFUSED)
    expect(await ask()).toMatchObject(REFUSED)
  })

  it('is refused over a WebSocket, which stays open', async () => {
    gateway = await startTestGateway({ GATEWAY_COST_PER_MINUTE: PER_MINUTE })
    const client = createClient({ url: gateway.url.replace('http', 'ws'), webSocketImpl: WebSocket })
    const first = await client.iterate({ query: QUERY }).next()
    expect(first.value).toMatchObject({ data: {} })
    const errors = await client
      .iterate({ query: QUERY })
      .next()
      .catch((error) => error)
    expect(errors).toEqual([
      expect.objectContaining({
        extensions: expect.objectContaining({ code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) }),
      }),
    ])
    await client.dispose()
  })

  it('is counted for the address that a trusted proxy reports', async () => {
    gateway = await startTestGateway({ GATEWAY_COST_PER_MINUTE: PER_MINUTE, TRUSTED_PROXIES: '1' })
    expect((await ask({ 'x-forwarded-for': '192.0.2.1' })).status).toBe(200)
    expect(await ask({ 'x-forwarded-for': '192.0.2.1' })).toMatchObject(REFUSED)
    // What a client writes itself does not count.
    expect(await ask({ 'x-forwarded-for': '192.0.2.9, 192.0.2.1' })).toMatchObject(REFUSED)
    expect((await ask({ 'x-forwarded-for': '192.0.2.2' })).status).toBe(200)
  })

  it('is executed if the limit is turned off', async () => {
    gateway = await startTestGateway({ GATEWAY_COST_PER_MINUTE: '0' })
    for (let number = 0; number < 3; number++) expect((await ask()).status).toBe(200)
  })
})
