import { createClient as createSseClient } from 'graphql-sse'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { eventually } from '../../testing/eventually.ts'
import { startTestStreams, type TestStreams } from '../../testing/gateway/streams.ts'
import type { FinishedOperation } from '../operation-reports.ts'

const SUBSCRIPTION = 'subscription News { notificationReceived { id } }'

let streams: TestStreams
let finished: FinishedOperation[]

beforeEach(async () => {
  finished = []
  streams = await startTestStreams({ report: (operation) => finished.push(operation) })
})
afterEach(() => streams.stop())

const summaries = () =>
  finished.map(({ protocol, isAborted, facts: { operation, codes } }) => ({
    ...{ protocol, isAborted, name: operation?.operation, viewer: operation?.viewerId },
    codes: [...(codes ?? [])],
  }))

/** Clients of the two protocols in which one connection carries several operations. */
const protocols = [
  [
    'graphql-transport-ws',
    () =>
      createClient({
        url: streams.url.replace('http', 'ws'),
        webSocketImpl: WebSocket,
        connectionParams: { authorization: 'Bearer ann' },
        retryAttempts: 0,
      }),
  ],
  [
    'graphql-sse, single connection',
    () =>
      createSseClient({
        url: streams.url,
        singleConnection: true,
        headers: { authorization: 'Bearer ann' },
        retryAttempts: 0,
      }),
  ],
] as const

describe.each(protocols)('the access log of operations over %s', (protocol, connect) => {
  const subscribe = (client: ReturnType<typeof connect>, query: string) => {
    const received: unknown[] = []
    const sink = { next: (value: unknown) => void received.push(value), error() {}, complete() {} }
    return { received, stop: client.subscribe({ query }, sink) }
  }

  it('has one entry for a subscription, when it ends', async () => {
    const client = connect()
    const { received, stop } = subscribe(client, SUBSCRIPTION)
    await eventually(() => {
      if (streams.world.inbox.length < 100) streams.publish('a')
      return received.length > 0
    }, 3_000)
    expect(finished).toEqual([])
    stop()
    await eventually(() => finished.length === 1, 3_000)
    expect(summaries()).toEqual([{ protocol, isAborted: true, name: 'News', viewer: 'ann', codes: [] }])
    expect(finished[0]?.requestId).toMatch(/./)
    client.dispose()
  })

  it('has one entry for each of several operations, with an id of its own', async () => {
    const client = connect()
    const operations = [subscribe(client, SUBSCRIPTION), subscribe(client, '{ viewer { id } }')]
    await eventually(() => finished.length === 1, 3_000)
    for (const { stop } of operations) stop()
    client.dispose()
    await eventually(() => finished.length === 2, 3_000)
    expect(new Set(finished.map(({ requestId }) => requestId)).size).toBe(2)
  })

  it('has the code of an operation that is refused', async () => {
    const client = connect()
    subscribe(client, '{ viewer { ')
    await eventually(() => finished.length === 1, 3_000)
    expect(summaries()[0]).toMatchObject({ protocol, isAborted: false, codes: ['GRAPHQL_PARSE_FAILED'] })
    client.dispose()
  })

  it('has the code with which a stream ends', async () => {
    streams.world.expiresAt = Date.now() + 800
    const client = connect()
    subscribe(client, SUBSCRIPTION)
    await eventually(() => finished.length === 1, 4_000)
    expect(summaries()[0]).toMatchObject({ protocol, name: 'News' })
    client.dispose()
  })
})
