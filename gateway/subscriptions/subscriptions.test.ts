import { request as httpRequest, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ExecutionResult } from 'graphql'
import { unauthenticated, unavailable } from '../../platform/errors.ts'
import { createFeed } from '../../platform/feed/feed.ts'
import { type HttpServer, startHttpServer } from '../../platform/http/server.ts'
import { createLog } from '../../platform/log.ts'
import type { SubgraphClient } from '../../platform/subgraph/client.ts'
import type { Operation } from './event-stream.ts'
import { createLiveNotifications, type LiveNotifications } from './live-notifications.ts'
import { createSseHandler, type SseHandler } from './sse-handler.ts'

const SUBSCRIPTION = 'subscription { notificationReceived { id } }'

let feed = createFeed()
let notifications: LiveNotifications
let handler: SseHandler
let server: HttpServer
let inbox: string[]
let isUp: boolean
let expiresAt: number
let execute: (id: string) => Promise<ExecutionResult>
let refusal: Error | null

// An inbox whose positions are the places in an array.
const communication: SubgraphClient = {
  async execute({ variables }) {
    if (!isUp) throw new Error('down')
    const { readers, first } = variables as { readers: { after: string | null }[]; first: number }
    const pages = readers.map(({ after }) => {
      const from = after === null ? inbox.length : Number(after)
      const found = inbox.slice(from, from + first)
      const events = found.map((id, index) => ({ id, position: `${from + index + 1}` }))
      return { events, end: events.at(-1)?.position ?? `${inbox.length}` }
    })
    return { data: { notificationFeeds: pages } }
  },
  close: async () => {},
}

beforeEach(async () => {
  feed = createFeed()
  inbox = []
  isUp = true
  refusal = null
  expiresAt = Date.now() + 60_000
  execute = async (id) => ({ data: { notificationReceived: { id } } })
  notifications = createLiveNotifications(communication, feed)
  handler = createSseHandler({
    validate: () => [],
    execute: ({ variables }: Operation) => execute(String(variables?.moblogNotificationId)),
    notifications,
    whenEnded: () => new AbortController().signal,
    authenticate: async ({ headers: { authorization } }) => {
      if (refusal) throw refusal
      const userId = authorization?.replace('Bearer ', '') ?? null
      return { viewer: { kind: 'viewer', userId, sessionId: null }, expiresAt }
    },
    maxBodyBytes: 10_000,
    readWithinMs: 300,
    checkEveryMs: 100,
  })
  server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    routes: [{ path: '/graphql', handle: handler.handle }],
    ready: async () => {},
    log: createLog('gateway', 'silent'),
    drainMs: 50,
  })
})
afterEach(async () => {
  handler.close()
  notifications.close()
  await server.stop()
})

function tell(...ids: string[]): void {
  inbox.push(...ids)
  feed.announce('ann')
}

async function subscribe(
  headers: Record<string, string> = { authorization: 'Bearer ann' },
  body = JSON.stringify({ query: SUBSCRIPTION }),
) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest(`http://127.0.0.1:${server.port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    })
      .once('response', resolve)
      .once('error', reject)
      .end(body)
  })
  let text = ''
  let isOver = false
  response.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
  })
  response.on('close', () => {
    isOver = true
  })
  response.on('error', () => {})
  return {
    response,
    text: () => text,
    isOver: () => isOver,
    ids: () => [...text.matchAll(/"notificationReceived":\{"id":"(\w+)"\}/g)].map(([, id]) => id),
    position: () => [...text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1],
  }
}

async function until(condition: () => boolean, ms = 2_000): Promise<boolean> {
  const deadline = Date.now() + ms
  while (!condition() && Date.now() < deadline) await sleep(5)
  return condition()
}

describe('a live subscription', () => {
  it('tells each notification once, in order, with its position', async () => {
    inbox = ['before']
    const stream = await subscribe()
    await until(() => stream.position() === '1')
    tell('a', 'b')
    tell('c')
    expect(await until(() => stream.ids().length === 3)).toBe(true)
    expect(stream.ids()).toEqual(['a', 'b', 'c'])
    expect(stream.position()).toBe('4')
  })

  it('says from where it begins, so that one that breaks before anything happens misses nothing', async () => {
    const first = await subscribe()
    await until(() => first.position() === '0')
    first.response.destroy()
    tell('a')
    const second = await subscribe({ authorization: 'Bearer ann', 'last-event-id': first.position() ?? '' })
    expect(await until(() => second.ids().length === 1)).toBe(true)
    expect(second.ids()).toEqual(['a'])
  })

  it('passes over what is gone by the time it is looked at', async () => {
    execute = async (id) => ({ data: { notificationReceived: id === 'gone' ? null : { id } } })
    const stream = await subscribe()
    await until(() => stream.position() === '0')
    tell('a', 'gone', 'b')
    expect(await until(() => stream.ids().length === 2)).toBe(true)
    expect(stream.text()).not.toMatch('null')
    expect(stream.position()).toBe('3')
  })

  it('waits for a service that does not answer, and loses nothing by it', async () => {
    const stream = await subscribe()
    await until(() => stream.position() === '0')
    execute = async () => ({
      data: { notificationReceived: null },
      errors: [{ message: 'down', extensions: { code: 'SERVICE_UNAVAILABLE' } } as never],
    })
    tell('a')
    await sleep(100)
    expect(stream.ids()).toEqual([])
    isUp = false
    execute = async (id) => ({ data: { notificationReceived: { id } } })
    expect(await until(() => stream.ids().length === 1)).toBe(true)
    tell('b')
    await sleep(100)
    isUp = true
    expect(await until(() => stream.ids().length === 2)).toBe(true)
    expect(stream.ids()).toEqual(['a', 'b'])
  })

  it('is refused to those who are signed out', async () => {
    const stream = await subscribe({})
    expect(await until(() => stream.isOver())).toBe(true)
    expect(stream.text()).toMatch('UNAUTHENTICATED')
  })

  it('ends with the session, and says why', async () => {
    expiresAt = Date.now() + 300
    const stream = await subscribe()
    await until(() => stream.position() === '0')
    expect(await until(() => stream.isOver())).toBe(true)
    expect(stream.text()).toMatch('"code":"UNAUTHENTICATED"')
    tell('a')
    await sleep(50)
    expect(stream.ids()).toEqual([])
  })

  it('is cut when it is not read, and costs little until then', async () => {
    let resolved = 0
    const padding = 'x'.repeat(100_000)
    execute = async (id) => {
      resolved++
      return { data: { notificationReceived: { id, padding } } }
    }
    const stream = await subscribe()
    await until(() => stream.position() === '0')
    stream.response.pause()
    tell(...Array.from({ length: 1_000 }, (_, index) => `n${index}`))
    // Longer than it may go unread: what is resolved by then has filled the kernel's buffers.
    await sleep(800)
    const soFar = resolved
    expect(soFar).toBeLessThan(200)
    await sleep(600)
    expect(resolved).toBe(soFar)
    stream.response.resume()
    expect(await until(() => stream.isOver())).toBe(true)
  })

  it('ends when the process is about to stop, without being complete', async () => {
    const stream = await subscribe()
    await until(() => stream.position() === '0')
    handler.close()
    expect(await until(() => stream.isOver())).toBe(true)
    expect(stream.text()).not.toMatch('event: complete')
  })

  it('ends soon after its token is not good any more, and says so', async () => {
    const stream = await subscribe()
    await until(() => stream.position() === '0')
    refusal = unavailable('The identity provider does not answer.')
    await sleep(250)
    expect(stream.isOver()).toBe(false)
    refusal = unauthenticated('The session token is not valid any more.')
    expect(await until(() => stream.isOver())).toBe(true)
    expect(stream.text()).toMatch('"code":"UNAUTHENTICATED"')
    expect(stream.text()).toMatch('event: complete')
  })
})

describe('the streams of one user', () => {
  const opened = async (headers?: Record<string, string>) => {
    const stream = await subscribe(headers)
    await until(() => stream.position() !== undefined)
    return stream
  }

  it('are sixteen at most: one more ends the oldest, which is told, and the others go on', async () => {
    const streams = []
    for (let i = 0; i < 16; i++) streams.push(await opened())
    const others = await opened({ authorization: 'Bearer bob' })
    expect(streams.some((stream) => stream.isOver())).toBe(false)
    streams.push(await opened())
    const [oldest, ...rest] = streams
    expect(await until(() => oldest?.isOver() ?? false)).toBe(true)
    expect(oldest?.text()).toMatch('"code":"RATE_LIMITED"')
    expect(oldest?.text()).toMatch('event: complete')
    tell('a')
    expect(await until(() => rest.every((stream) => stream.ids().length === 1))).toBe(true)
    expect([...rest, others].some((stream) => stream.isOver())).toBe(false)
  })

  it('make room when they end by themselves, and are not counted where nothing is subscribed to', async () => {
    const first = await opened()
    for (let i = 0; i < 40; i++) {
      const stream = await opened()
      stream.response.destroy()
      await until(() => stream.isOver())
      await subscribe(undefined, JSON.stringify({ query: '{ viewer { id } }' }))
    }
    expect(first.isOver()).toBe(false)
  })
})

describe('a request for a stream', () => {
  const fetched = async (init: RequestInit, search = '') => {
    const response = await fetch(`http://127.0.0.1:${server.port}/graphql${search}`, {
      ...init,
      headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
    })
    const { errors } = (await response.json()) as { errors: { message: string; extensions: object }[] }
    return { status: response.status, ...errors[0]?.extensions }
  }

  it.each([
    ['of 10 MB', 413, { method: 'POST', body: JSON.stringify({ query: 'x'.repeat(10_000_000) }) }, ''],
    ['that is not JSON', 400, { method: 'POST', body: '{' }, ''],
    [
      'with other variables than an object',
      400,
      { method: 'POST', body: '{"query":"{a}","variables":3}' },
      '',
    ],
    ['of another method', 400, { method: 'PUT', body: '{}' }, ''],
    ['that would change something by GET', 400, {}, '?query=mutation%7BsignOut%7Buser%7Bid%7D%7D%7D'],
  ])('%s is refused like any other', async (_what, status, init, search) => {
    expect(await fetched(init, search)).toEqual({ status, code: 'BAD_REQUEST' })
  })

  it('is told apart where nobody can say whose token it is', async () => {
    refusal = unavailable('The identity provider does not answer.')
    expect(await fetched({ method: 'POST', body: '{}' })).toEqual({
      status: 503,
      code: 'SERVICE_UNAVAILABLE',
    })
    refusal = unauthenticated('No.')
    expect(await fetched({ method: 'POST', body: '{}' })).toEqual({ status: 401, code: 'UNAUTHENTICATED' })
  })
})
