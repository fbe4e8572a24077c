import { setTimeout as sleep } from 'node:timers/promises'
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { SetContextLink } from '@apollo/client/link/context'
import { RetryLink } from '@apollo/client/link/retry'
import { unauthenticated } from '../../platform/errors.ts'
import { eventually } from '../../testing/eventually.ts'
import { startTestStreams, type TestStreams } from '../../testing/gateway/streams.ts'

type Data = { notificationReceived: { id: string; position: string } }

const QUERY = 'subscription ($after: ID) { notificationReceived(after: $after) { id position } }'
const ACCEPT = 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0, application/json'

let streams: TestStreams
const open: (() => void)[] = []

beforeEach(async () => {
  streams = await startTestStreams({ heartbeatMs: 100 })
  streams.world.resolve = async (id) => {
    const position = String(streams.world.inbox.indexOf(id) + 1)
    return { data: { notificationReceived: { id, position } } }
  }
})
afterEach(async () => {
  for (const close of open.splice(0)) close()
  await streams.stop()
})

/** Subscribes with Apollo Client, which keeps the position of the last notification for its retries, as clients should. */
function follow(authorization: () => string = () => 'Bearer ann', attempts = 5) {
  const received: string[] = []
  const ends: unknown[] = []
  let position = '0'
  const continues = new ApolloLink((operation, forward) => {
    operation.variables = { ...operation.variables, after: position }
    return forward(operation)
  })
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.from([
      new RetryLink({ delay: { initial: 20 }, attempts: { max: attempts } }),
      new SetContextLink(() => ({ headers: { authorization: authorization() } })),
      continues,
      new HttpLink({ uri: streams.url }),
    ]),
  })
  const subscription = client.subscribe<Data>({ query: gql(QUERY) }).subscribe({
    next({ data, error }) {
      if (error) ends.push(error)
      if (!data) return
      received.push(data.notificationReceived.id)
      position = data.notificationReceived.position
    },
    error: (error) => ends.push(error),
    complete: () => ends.push('complete'),
  })
  open.push(() => {
    subscription.unsubscribe()
    client.stop()
  })
  return { received, ends }
}

/** Subscribes without a library. */
const raw = (headers: Record<string, string> = {}) =>
  streams.subscribe(
    { authorization: 'Bearer ann', accept: ACCEPT, ...headers },
    JSON.stringify({ query: QUERY, variables: { after: '0' } }),
  )
const parts = (text: string) =>
  text
    .split('\r\n--graphql')
    .slice(1)
    .flatMap((part) => (part.startsWith('--') ? [part] : [part.split('\r\n\r\n')[1]]))

describe('a subscription in the multipart protocol', () => {
  it('sends heartbeats, each notification and at its end an error and the last boundary', async () => {
    const stream = await raw()
    expect(stream.response.headers).toMatchObject({
      'content-type': 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0',
      'x-accel-buffering': 'no',
    })
    streams.publish('a')
    await eventually(() => stream.text().includes('"a"'), 2_000)
    await sleep(300)
    streams.world.refusal = unauthenticated('The access token is no longer valid.')
    await eventually(() => stream.isOver(), 2_000)
    const [first, ...rest] = parts(stream.text())
    expect(first).toBe('{}')
    const isHeartbeat = (part: string | undefined) => part === '{}'
    expect(rest.filter(isHeartbeat).length).toBeGreaterThan(0)
    const [event, error, end] = rest.filter((part) => !isHeartbeat(part))
    expect(JSON.parse(event ?? '')).toEqual({
      payload: { data: { notificationReceived: { id: 'a', position: '1' } } },
    })
    expect(JSON.parse(error ?? '')).toEqual({
      payload: null,
      errors: [expect.objectContaining({ extensions: expect.objectContaining({ code: 'UNAUTHENTICATED' }) })],
    })
    expect(end).toBe('--\r\n')
  })

  it.each([
    'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/graphql-response+json',
    'multipart/mixed; subscriptionSpec="1.0", application/json',
    'application/json, multipart/mixed;subscriptionSpec=1.0, text/event-stream',
  ])('is accepted with the header "accept: %s"', async (accept) => {
    const stream = await raw({ accept })
    expect(stream.response.headers['content-type']).toMatch('multipart/mixed')
  })

  it('is answered with a result if the operation is refused, and with a status if the request is', async () => {
    const signedOut = await streams.subscribe({ accept: ACCEPT })
    await eventually(() => signedOut.isOver(), 2_000)
    expect(signedOut.text()).toMatch(/\{"payload":\{"errors":.*"UNAUTHENTICATED".*\r\n--graphql--\r\n$/)
    streams.world.expired.add('Bearer ann')
    expect((await raw()).response.statusCode).toBe(401)
    const broken = await streams.subscribe({ accept: ACCEPT }, '{"query":3}')
    expect(broken.response.statusCode).toBe(400)
  })

  it('is closed if the client does not read it', async () => {
    const padding = 'x'.repeat(100_000)
    streams.world.resolve = async (id) => ({ data: { notificationReceived: { id, padding } } })
    const stream = await raw()
    stream.response.pause()
    streams.publish(...Array.from({ length: 500 }, (_, index) => `n${index}`))
    await sleep(1_500)
    stream.response.resume()
    await eventually(() => stream.isOver(), 2_000)
    expect(stream.text()).not.toMatch('--graphql--')
  })
})

describe('Apollo Client', () => {
  it('receives each notification once', async () => {
    const { received, ends } = follow()
    streams.publish('a')
    await eventually(() => received.length === 1, 2_000)
    streams.publish('b', 'c')
    await eventually(() => received.length === 3, 2_000)
    expect([received, ends]).toEqual([['a', 'b', 'c'], []])
  })

  it('continues without loss and repetition when the process stops and it subscribes again', async () => {
    const { received, ends } = follow()
    streams.publish('a')
    await eventually(() => received.length === 1, 2_000)
    streams.endAll()
    streams.publish('b')
    await eventually(() => received.length === 2, 2_000)
    expect([received, ends]).toEqual([['a', 'b'], []])
  })

  it('subscribes again with a new token when its token expires', async () => {
    streams.world.expiresAt = Date.now() + 400
    let token = 'Bearer ann/phone/1'
    const { received, ends } = follow(() => token)
    streams.publish('a')
    await eventually(() => received.length === 1, 2_000)
    // New tokens are valid for longer.
    streams.world.expiresAt = Date.now() + 60_000
    streams.world.expired.add(token)
    token = 'Bearer ann/phone/2'
    await sleep(500)
    streams.publish('b')
    await eventually(() => received.length === 2, 2_000)
    expect([received, ends]).toEqual([['a', 'b'], []])
  })

  it('keeps its stream if another request has brought a newer token of the session', async () => {
    streams.world.expiresAt = Date.now() + 400
    const { received, ends } = follow(() => 'Bearer ann/phone/1', 1)
    streams.publish('a')
    await eventually(() => received.length === 1, 2_000)
    streams.world.expiresAt = Date.now() + 60_000
    await raw({ authorization: 'Bearer ann/phone/2' })
    streams.world.expired.add('Bearer ann/phone/1')
    await sleep(600)
    streams.publish('b')
    await eventually(() => received.length === 2, 2_000)
    expect(ends).toEqual([])
  })

  it('reports that the session was revoked', async () => {
    const { ends } = follow(undefined, 1)
    streams.publish('a')
    await sleep(200)
    streams.world.revocation.abort()
    await eventually(() => ends.length > 0, 2_000)
    expect(String(ends[0])).toMatch('The session was ended')
  })
})
