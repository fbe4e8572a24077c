import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { unavailable } from '../../platform/errors.ts'
import { eventually } from '../../testing/eventually.ts'
import { startTestStreams, type TestStreams } from '../../testing/gateway/streams.ts'

let streams: TestStreams
const open: { dispose(): void | Promise<void> }[] = []
const options = { readWithinMs: 5_000, sockets: { initWithinMs: 1_000, perAddress: 20 } }

beforeEach(async () => {
  streams = await startTestStreams(options)
  streams.world.resolve = async (id) => {
    const position = String(streams.world.inbox.indexOf(id) + 1)
    return { data: { notificationReceived: { id, position } } }
  }
})
afterEach(async () => {
  for (const client of open.splice(0)) await client.dispose()
  await streams.stop()
})

const address = () => streams.url.replace('http', 'ws')

/** A client of the library, with everything that it has received and the codes with which its sockets were closed. */
function connect(authorization: () => string | undefined = () => 'Bearer ann', retryAttempts = 5) {
  const codes: unknown[] = []
  let connections = 0
  const client = createClient({
    url: address(),
    webSocketImpl: WebSocket,
    connectionParams: () => ({ authorization: authorization() }),
    retryAttempts,
    retryWait: () => sleep(20),
    on: {
      connected: () => {
        connections += 1
      },
      closed: (event) => codes.push((event as { code?: unknown }).code),
    },
  })
  open.push(client)
  return { client, codes, connections: () => connections }
}

const SUBSCRIPTION = 'subscription ($after: ID) { notificationReceived(after: $after) { id position } }'

/** Subscribes, and keeps the position of the last notification in the variables, as clients should. */
function follow(client: Client, start: string | null = '0') {
  const received: string[] = []
  const ends: unknown[] = []
  let position = start
  const variables = {
    get after() {
      return position
    },
  }
  client.subscribe<{ notificationReceived: { id: string; position: string } }>(
    { query: SUBSCRIPTION, variables },
    {
      next({ data }) {
        if (!data) return
        received.push(data.notificationReceived.id)
        position = data.notificationReceived.position
      },
      error: (error) => ends.push(error),
      complete: () => ends.push('complete'),
    },
  )
  return { received, ends }
}

describe('a subscription over a WebSocket', () => {
  it('sends each notification once, and continues after the position of the last one', async () => {
    streams.publish('a')
    const { client } = connect()
    const { received } = follow(client)
    await eventually(() => received.length === 1, 2_000)
    streams.publish('b', 'c')
    await eventually(() => received.length === 3, 2_000)
    const other = follow(connect().client, '2')
    await eventually(() => other.received.length === 1, 2_000)
    expect([received, other.received]).toEqual([['a', 'b', 'c'], ['c']])
  })

  it('continues without loss and repetition when the process stops and the client reconnects', async () => {
    const { client, codes, connections } = connect()
    const { received } = follow(client)
    streams.publish('a')
    await eventually(() => received.length === 1, 2_000)
    streams.endAll()
    await eventually(() => codes.length === 1, 2_000)
    streams.publish('b')
    await eventually(() => received.length === 2, 2_000)
    expect([received, codes, connections()]).toEqual([['a', 'b'], [1001], 2])
  })

  it('is closed with 4403 when the token expires, so that the client reconnects with a new token', async () => {
    streams.world.expiresAt = Date.now() + 400
    let token = 'Bearer ann/phone/1'
    const { client, codes } = connect(() => token)
    const { received, ends } = follow(client)
    streams.publish('a')
    await eventually(() => received.length === 1, 2_000)
    // New tokens are valid for longer.
    streams.world.expiresAt = Date.now() + 60_000
    streams.world.expired.add(token)
    await eventually(() => codes.length >= 1, 2_000)
    streams.publish('b')
    token = 'Bearer ann/phone/2'
    await eventually(() => received.length === 2, 2_000)
    expect([received, ends]).toEqual([['a', 'b'], []])
    expect(new Set(codes)).toEqual(new Set([4403]))
  })

  it('survives the expiry of its token if another request has brought a newer token of the session', async () => {
    streams.world.expiresAt = Date.now() + 500
    const { client, codes } = connect(() => 'Bearer ann/phone/1')
    const { received } = follow(client)
    streams.publish('a')
    await eventually(() => received.length === 1, 2_000)
    streams.world.expiresAt = Date.now() + 60_000
    const other = await streams.subscribe({ authorization: 'Bearer ann/phone/2' })
    streams.world.expired.add('Bearer ann/phone/1')
    await sleep(800)
    streams.publish('b')
    await eventually(() => received.length === 2, 2_000)
    expect(codes).toEqual([])
    other.response.destroy()
  })

  it('is closed with 4401 when the session is revoked, which the client reports', async () => {
    const { client, codes } = connect()
    const { received, ends } = follow(client)
    streams.publish('a')
    await eventually(() => received.length === 1, 2_000)
    streams.world.revocation.abort()
    await eventually(() => ends.length === 1, 2_000)
    expect([codes, ends]).toEqual([[4401], [expect.objectContaining({ code: 4401 })]])
  })

  it('is answered before the socket is closed if it ends the session, and none starts after it', async () => {
    const answered = Promise.withResolvers<void>()
    let executed = 0
    streams.world.resolve = async () => {
      executed += 1
      if (executed > 1) return { data: {} }
      streams.world.revocation.abort()
      await answered.promise
      return { data: { signOut: { __typename: 'SignOutPayload' } } }
    }
    const { client, codes } = connect()
    const mutation = client.iterate({ query: 'mutation { signOut { __typename } }' })
    const result = mutation.next().then(
      ({ value }) => value,
      (error) => error,
    )
    await eventually(() => executed === 1, 2_000)
    await expect(client.iterate({ query: '{ viewer { id } }' }).next()).rejects.toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'UNAUTHENTICATED' }) }),
    ])
    answered.resolve()
    expect(await result).toEqual({ data: { signOut: { __typename: 'SignOutPayload' } } })
    await eventually(() => codes.length === 1, 2_000)
    expect([codes, executed]).toEqual([[4401], 1])
  })

  it('waits while four others of its socket are not answered', async () => {
    const answers: (() => void)[] = []
    streams.world.resolve = () =>
      new Promise((resolve) => answers.push(() => resolve({ data: { viewer: null } })))
    const { client } = connect()
    const ask = () => client.iterate({ query: '{ viewer { id } }' }).next()
    const all = Promise.all(Array.from({ length: 6 }, ask))
    await eventually(() => answers.length === 4, 2_000)
    await sleep(50)
    expect(answers).toHaveLength(4)
    answers[0]?.()
    await eventually(() => answers.length === 5, 2_000)
    answers[1]?.()
    await eventually(() => answers.length === 6, 2_000)
    for (const answer of answers) answer()
    expect((await all).map(({ value }) => value)).toEqual(Array(6).fill({ data: { viewer: null } }))
  })

  it('is refused with an error message to signed-out clients, who may send other operations', async () => {
    const { client, codes } = connect(() => undefined)
    const { ends } = follow(client)
    await eventually(() => ends.length === 1, 2_000)
    expect(ends).toEqual([
      [expect.objectContaining({ extensions: expect.objectContaining({ code: 'UNAUTHENTICATED' }) })],
    ])
    const results = client.iterate({ query: '{ viewer { id } }' })
    expect((await results.next()).value).toMatchObject({ data: {} })
    expect(codes.every((code) => code === 1000)).toBe(true)
  })

  it('is refused if the socket has too many operations, with an error that names the request', async () => {
    streams.world.resolve = () => new Promise(() => {})
    const { client } = connect()
    const all = Array.from({ length: 65 }, () => client.iterate({ query: '{ viewer { id } }' }).next())
    await expect(Promise.race(all)).rejects.toEqual([
      expect.objectContaining({
        extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 5, requestId: expect.any(String) },
      }),
    ])
  })

  it('ends when the client completes it, also while nothing happens', async () => {
    const { client } = connect()
    let isDone = false
    const stop = client.subscribe(
      { query: SUBSCRIPTION },
      { next() {}, error() {}, complete: () => (isDone = true) },
    )
    await sleep(100)
    stop()
    await eventually(() => isDone, 2_000)
    // Of sixteen streams that are still there, the oldest would end.
    const others = []
    for (let i = 0; i < 16; i++) others.push(await streams.subscribe())
    await sleep(100)
    expect(others.some((stream) => stream.isOver())).toBe(false)
  })
})

describe('a WebSocket', () => {
  /** Opens a socket without the library, and returns its close code and the messages. */
  const raw = async (protocol: string | undefined = 'graphql-transport-ws') => {
    const socket = new WebSocket(address(), protocol ? [protocol] : [])
    open.push({ dispose: () => socket.terminate() })
    const messages: string[] = []
    socket.on('message', (data) => messages.push(String(data)))
    const closed = new Promise<number>((resolve) => socket.once('close', (code) => resolve(code)))
    socket.on('error', () => {})
    await new Promise((resolve) => socket.once('open', resolve).once('error', resolve))
    return { socket, messages, closed }
  }
  const init = (authorization = 'Bearer ann') =>
    JSON.stringify({ type: 'connection_init', payload: { Authorization: authorization } })

  it('is closed with 4408 without connection_init, and with 4401 if an operation comes first', async () => {
    expect(await (await raw()).closed).toBe(4408)
    const { socket, closed } = await raw()
    socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query: '{ a }' } }))
    expect(await closed).toBe(4401)
  })

  it.each([
    ['that is not JSON', 'nonsense', 4400],
    ['that only a server may send', '{"type":"next","id":"1","payload":{}}', 4400],
    ['of 20 kB', 'x'.repeat(20_000), 1009],
  ])('is closed after a message %s', async (_what, message, code) => {
    const { socket, closed } = await raw()
    socket.send(message)
    expect(await closed).toBe(code)
  })

  it('is closed with 4403 if the token is invalid, and with 1013 if it cannot be verified', async () => {
    streams.world.expired.add('Bearer ann')
    const refused = await raw()
    refused.socket.send(init())
    expect(await refused.closed).toBe(4403)
    streams.world.refusal = unavailable('The identity provider does not answer.')
    const late = await raw()
    late.socket.send(init())
    expect(await late.closed).toBe(1013)
  })

  it.each([5, {}, ['Bearer ann'], null])(
    'is closed with 4403 if the authorization is %j',
    async (authorization) => {
      const { socket, closed } = await raw()
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }))
      expect(await closed).toBe(4403)
    },
  )

  it('is not opened for another subprotocol', async () => {
    expect(await (await raw('graphql-ws')).closed).not.toBe(1000)
    expect(await (await raw('')).closed).toBe(4406)
  })

  it('is limited to sixteen of a user, of which the newest stay, and by the number from one address', async () => {
    const own = []
    for (let i = 0; i < 17; i++) {
      const each = await raw()
      each.socket.send(init())
      await eventually(() => each.messages.length === 1, 2_000)
      own.push(each)
    }
    expect(await own[0]?.closed).toBe(4429)
    expect(own.slice(1).every(({ socket }) => socket.readyState === WebSocket.OPEN)).toBe(true)
    const others = []
    for (let i = 0; i < 5; i++) others.push(await raw())
    expect(await others.at(-1)?.closed).toBe(4429)
  })

  it('is disconnected if its client does not answer heartbeats', async () => {
    await streams.stop()
    streams = await startTestStreams({ heartbeatMs: 100, readWithinMs: 300 })
    const { socket, closed } = await raw()
    socket.send(init())
    // A paused socket neither reads pings nor answers them.
    socket.pause()
    await sleep(800)
    socket.resume()
    expect(await closed).toBe(1006)
  })

  it('answers pings of its client', async () => {
    const { socket, messages } = await raw()
    socket.send(init())
    socket.send('{"type":"ping"}')
    await eventually(() => messages.length === 2, 2_000)
    expect(messages.sort()).toEqual(['{"type":"connection_ack"}', '{"type":"pong"}'])
  })

  it('ends at once when the server stops, also if its client does not confirm it', async () => {
    const { socket } = await raw()
    socket.pause()
    const begun = performance.now()
    await streams.stop()
    expect(performance.now() - begun).toBeLessThan(1_000)
    streams = await startTestStreams(options)
  })
})

it('a request that offers another upgrade is answered like any other', async () => {
  const response = await new Promise<number | undefined>((resolve, reject) => {
    import('node:http').then(({ request }) => {
      const headers = {
        connection: 'Upgrade, HTTP2-Settings',
        upgrade: 'h2c',
        'http2-settings': 'AAMAAABkAAQ',
      }
      request(`${streams.url}?query={a}`, { headers, method: 'GET' }, ({ statusCode }) => resolve(statusCode))
        .once('error', reject)
        .end()
    }, reject)
  })
  expect(response).toBe(200)
})
