import { get, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, createClient } from 'graphql-sse'
import { unauthenticated } from '../../platform/errors.ts'
import { eventually } from '../../testing/eventually.ts'
import { startTestStreams, type TestStreams } from '../../testing/gateway/streams.ts'

let streams: TestStreams
const open: Client<boolean>[] = []

beforeEach(async () => {
  streams = await startTestStreams({ reservedMs: 1_000 })
  streams.world.resolve = async (id) => {
    const position = String(streams.world.inbox.indexOf(id) + 1)
    return { data: { notificationReceived: { id, position } } }
  }
})
afterEach(async () => {
  for (const client of open.splice(0)) client.dispose()
  await streams.stop()
})

const QUERY = 'subscription ($after: ID) { notificationReceived(after: $after) { id position } }'

function connect(authorization: () => string = () => 'Bearer ann') {
  const client = createClient({
    url: streams.url,
    singleConnection: true,
    headers: () => ({ authorization: authorization() }),
    retry: () => sleep(20),
  })
  open.push(client)
  return client
}

/** Subscribes, and keeps the position of the last notification in the variables, as clients should. */
function follow(client: Client<true>) {
  const received: string[] = []
  const ends: unknown[] = []
  let position = '0'
  const variables = {
    get after() {
      return position
    },
  }
  const stop = client.subscribe<{ notificationReceived: { id: string; position: string } }>(
    { query: QUERY, variables },
    {
      next({ data, errors }) {
        if (errors) ends.push(errors)
        if (!data) return
        received.push(data.notificationReceived.id)
        position = data.notificationReceived.position
      },
      error: (error) => ends.push(error),
      complete: () => ends.push('complete'),
    },
  )
  return { received, ends, stop }
}

describe('the single connection mode', () => {
  it('carries several operations, and ends each for itself', async () => {
    const client = connect()
    const first = follow(client)
    const second = follow(client)
    streams.publish('a')
    await eventually(() => first.received.length + second.received.length === 2, 2_000)
    const query = client.iterate({ query: '{ viewer { id } }' })
    expect((await query.next()).value).toMatchObject({ data: {} })
    first.stop()
    await eventually(() => first.ends.length === 1, 2_000)
    streams.publish('b')
    await eventually(() => second.received.length === 2, 2_000)
    expect([first.received, second.received]).toEqual([['a'], ['a', 'b']])
  })

  it('delivers many notifications in order to several operations at once', async () => {
    const client = connect()
    const all = Array.from({ length: 10 }, () => follow(client))
    const ids = Array.from({ length: 60 }, (_, index) => `n${index}`)
    streams.publish(...ids)
    await eventually(() => all.every(({ received }) => received.length === 60), 5_000)
    expect(all.map(({ received }) => received)).toEqual(all.map(() => ids))
  })

  it('continues without loss and repetition when the process stops and the client reconnects', async () => {
    const { received, ends } = follow(connect())
    streams.publish('a')
    await eventually(() => received.length === 1, 2_000)
    streams.endAll()
    streams.publish('b')
    await eventually(() => received.length === 2, 2_000)
    expect([received, ends]).toEqual([['a', 'b'], []])
  })

  it('answers the operation that ends the session before the stream ends', async () => {
    const answered = Promise.withResolvers<void>()
    let hasBegun = false
    streams.world.resolve = async () => {
      hasBegun = true
      streams.world.revocation.abort()
      streams.world.refusal = unauthenticated('The session was ended.')
      await answered.promise
      return { data: { signOut: { __typename: 'SignOutPayload' } } }
    }
    const client = connect()
    const { ends } = follow(client)
    const result = client.iterate({ query: 'mutation { signOut { __typename } }' }).next()
    await eventually(() => hasBegun, 2_000)
    answered.resolve()
    expect((await result).value).toEqual({ data: { signOut: { __typename: 'SignOutPayload' } } })
    await eventually(() => ends.length > 0, 2_000)
  })

  it('ends when the token expires, and the client reconnects with a new token', async () => {
    streams.world.expiresAt = Date.now() + 400
    let token = 'Bearer ann/phone/1'
    const { received, ends } = follow(connect(() => token))
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

  it('survives the expiry of its token if another request has brought a newer token of the session', async () => {
    streams.world.expiresAt = Date.now() + 400
    const { received } = follow(connect(() => 'Bearer ann/phone/1'))
    streams.publish('a')
    await eventually(() => received.length === 1, 2_000)
    streams.world.expiresAt = Date.now() + 60_000
    await streams.subscribe({ authorization: 'Bearer ann/phone/2' })
    streams.world.expired.add('Bearer ann/phone/1')
    await sleep(600)
    streams.publish('b')
    await eventually(() => received.length === 2, 2_000)
  })
})

describe('a reservation', () => {
  const send = (
    method: string,
    headers: Record<string, string> = {},
    search = '',
    body: string | null = null,
  ) =>
    fetch(`${streams.url}${search}`, {
      method,
      headers: { authorization: 'Bearer ann', 'content-type': 'application/json', ...headers },
      body,
    })
  const reserve = async (headers: Record<string, string> = {}) => {
    const response = await send('PUT', headers)
    expect(response.status).toBe(201)
    return response.text()
  }
  const using = (token: string, headers: Record<string, string> = {}) => ({
    'x-graphql-event-stream-token': token,
    ...headers,
  })

  const ask = async (token: string, operationId: string) => {
    const body = JSON.stringify({ query: '{ viewer { id } }', extensions: { operationId } })
    return (await send('POST', using(token), '', body)).status
  }
  const countExecuted = (data: Record<string, unknown>) => {
    let executed = 0
    streams.world.resolve = async () => {
      executed += 1
      return { data }
    }
    return () => executed
  }

  it('expires if its stream is not opened', async () => {
    const token = await reserve()
    await sleep(1_300)
    expect((await send('GET', using(token, { accept: 'text/event-stream' }))).status).toBe(404)
  })

  it('opens one stream, without buffering by proxies', async () => {
    const token = await reserve()
    const stream = await send('GET', { accept: 'text/event-stream' }, `?token=${token}`)
    expect([stream.status, stream.headers.get('x-accel-buffering')]).toEqual([200, 'no'])
    expect((await send('GET', using(token, { accept: 'text/event-stream' }))).status).toBe(409)
    await sleep(1_200)
    const body = JSON.stringify({ query: '{ viewer { id } }', extensions: { operationId: '1' } })
    expect((await send('POST', using(token), '', body)).status).toBe(202)
    await stream.body?.cancel()
    await eventually(async () => (await send('POST', using(token), '', body)).status === 404, 2_000)
  })

  it('runs no mutation that is sent with GET', async () => {
    const token = await reserve()
    const search = `?token=${token}&query=mutation%7Bdelete%7D&extensions=${encodeURIComponent('{"operationId":"1"}')}`
    expect((await send('GET', {}, search)).status).toBe(400)
    expect((await send('GET', {}, search.replace('mutation', 'query'))).status).toBe(202)
  })

  it('belongs to its user', async () => {
    expect((await fetch(streams.url, { method: 'PUT' })).status).toBe(401)
    const token = await reserve()
    const response = await send(
      'GET',
      using(token, { accept: 'text/event-stream', authorization: 'Bearer bob' }),
    )
    expect(response.status).toBe(404)
  })

  it('is the oldest to end when its user has more than sixteen', async () => {
    const tokens = []
    for (let i = 0; i < 17; i++) tokens.push(await reserve())
    const [oldest = '', next = ''] = tokens
    const accept = { accept: 'text/event-stream' }
    expect((await send('GET', using(oldest, accept))).status).toBe(404)
    const stream = await send('GET', using(next, accept))
    expect(stream.status).toBe(200)
    await stream.body?.cancel()
  })

  it('executes an operation when its stream is open', async () => {
    const token = await reserve()
    const executed = countExecuted({ viewer: null })
    expect(await ask(token, '1')).toBe(202)
    await sleep(50)
    expect(executed()).toBe(0)
    const stream = await send('GET', using(token, { accept: 'text/event-stream' }))
    await eventually(() => executed() === 1, 1_000)
    await stream.body?.cancel()
  })

  it('does not execute an operation that its client has ended', async () => {
    const token = await reserve()
    const executed = countExecuted({ viewer: null })
    expect(await ask(token, '1')).toBe(202)
    expect(await ask(token, '2')).toBe(202)
    expect((await send('DELETE', using(token), '?operationId=1')).status).toBe(200)
    const stream = await send('GET', using(token, { accept: 'text/event-stream' }))
    await eventually(() => executed() === 1, 1_000)
    await sleep(50)
    expect(executed()).toBe(1)
    await stream.body?.cancel()
  })

  it('executes few operations while nobody reads the answers, and the others not at all', async () => {
    const token = await reserve()
    const executed = countExecuted({ viewer: { id: 'x'.repeat(20_000_000) } })
    // fetch would read what arrives.
    const headers = using(token, { accept: 'text/event-stream', authorization: 'Bearer ann' })
    const stream = await new Promise<IncomingMessage>((resolve) =>
      get(streams.url, { headers }, resolve).on('error', () => {}),
    )
    stream.on('error', () => {})
    for (let id = 0; id < 20; id++) expect(await ask(token, `${id}`)).toBe(202)
    await sleep(200)
    expect(executed()).toBeGreaterThan(0)
    expect(executed()).toBeLessThanOrEqual(4)
    // The client is disconnected, because it does not read.
    await sleep(500)
    expect(executed()).toBeLessThanOrEqual(4)
    stream.destroy()
  })

  it('takes 32 operations at a time', async () => {
    const token = await reserve()
    streams.world.resolve = () => new Promise(() => {})
    const stream = await send('GET', using(token, { accept: 'text/event-stream' }))
    const statuses: number[] = []
    for (let id = 0; id < 40; id++) {
      const body = JSON.stringify({ query: '{ viewer { id } }', extensions: { operationId: `${id}` } })
      send('POST', using(token), '', body).then(
        ({ status }) => statuses.push(status),
        () => {},
      )
    }
    await eventually(() => statuses.length === 40, 2_000)
    expect(statuses.filter((status) => status === 202)).toHaveLength(32)
    expect(statuses.filter((status) => status === 429)).toHaveLength(8)
    await stream.body?.cancel()
  })

  it.each([
    ['an operation that is refused', { query: 'query A { a }', operationName: 'B' }],
    ['an operation that is not valid GraphQL', { query: '{' }],
  ])('answers %s through the stream', async (_what, operation) => {
    const token = await reserve()
    const body = JSON.stringify({ ...operation, extensions: { operationId: '1' } })
    expect((await send('POST', using(token), '', body)).status).toBe(202)
    const stream = await send('GET', using(token, { accept: 'text/event-stream' }))
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes('event: complete')) text += (await reader?.read())?.value ?? ''
    expect(text).toMatch('"errors"')
    await reader?.cancel()
  })
})
