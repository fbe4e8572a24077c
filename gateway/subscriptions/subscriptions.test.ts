import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from 'graphql-sse'
import { unauthenticated, unavailable } from '../../platform/errors.ts'
import { createLog } from '../../platform/log.ts'
import { eventually } from '../../testing/eventually.ts'
import { startTestStreams, type TestStreams } from '../../testing/gateway/streams.ts'
import { createOperationLimit } from '../rate-limit/operation-limit.ts'

const log = createLog('gateway', 'silent')

let streams: TestStreams
beforeEach(async () => {
  streams = await startTestStreams()
})
afterEach(() => streams.stop())

describe('a live subscription', () => {
  it('sends each notification once, in order, with its position', async () => {
    streams.world.inbox = ['before']
    const stream = await streams.subscribe()
    await eventually(() => stream.position() === '1', 2_000)
    streams.publish('a', 'b')
    streams.publish('c')
    await eventually(() => stream.ids().length === 3, 2_000)
    expect(stream.ids()).toEqual(['a', 'b', 'c'])
    expect(stream.position()).toBe('4')
  })

  it('sends its start position, so that a client whose connection breaks before the first event misses nothing', async () => {
    const first = await streams.subscribe()
    await eventually(() => first.position() === '0', 2_000)
    first.response.destroy()
    streams.publish('a')
    const second = await streams.subscribe({
      authorization: 'Bearer ann',
      'last-event-id': first.position() ?? '',
    })
    await eventually(() => second.ids().length === 1, 2_000)
    expect(second.ids()).toEqual(['a'])
  })

  it('sends its start position if the inbox does not have the one that was given', async () => {
    streams.publish('a')
    const stream = await streams.subscribe({ authorization: 'Bearer ann', 'last-event-id': '7' })
    await eventually(() => stream.position() === '1', 2_000)
    streams.publish('b')
    await eventually(() => stream.ids().length === 1, 2_000)
    expect([stream.ids(), stream.position()]).toEqual([['b'], '2'])
  })

  it('skips a notification that no longer exists when it is resolved', async () => {
    streams.world.resolve = async (id) => ({ data: { notificationReceived: id === 'gone' ? null : { id } } })
    const stream = await streams.subscribe()
    await eventually(() => stream.position() === '0', 2_000)
    streams.publish('a', 'gone', 'b')
    await eventually(() => stream.ids().length === 2, 2_000)
    expect(stream.text()).not.toMatch('null')
    expect(stream.position()).toBe('3')
  })

  it('waits for a service that does not answer, and loses no event', async () => {
    const stream = await streams.subscribe()
    await eventually(() => stream.position() === '0', 2_000)
    streams.world.resolve = async () => ({
      data: { notificationReceived: null },
      errors: [{ message: 'down', extensions: { code: 'SERVICE_UNAVAILABLE' } } as never],
    })
    streams.publish('a')
    await sleep(100)
    expect(stream.ids()).toEqual([])
    streams.world.isUp = false
    streams.world.resolve = async (id) => ({ data: { notificationReceived: { id } } })
    await eventually(() => stream.ids().length === 1, 2_000)
    streams.publish('b')
    await sleep(100)
    streams.world.isUp = true
    await eventually(() => stream.ids().length === 2, 2_000)
    expect(stream.ids()).toEqual(['a', 'b'])
  })

  it('counts events as operations, and delays them while the limit is used up', async () => {
    await streams.stop()
    const perMinute = 60_000
    const operationLimit = createOperationLimit({ perMinute, share: async () => [], log })
    streams = await startTestStreams({
      operationLimit,
      execute: async ({ variables }, _session, meter) => {
        meter.reach(perMinute)
        return { data: { notificationReceived: { id: variables?.moblogNotificationId } } }
      },
    })
    const stream = await streams.subscribe()
    await eventually(() => stream.position() === '0', 2_000)
    streams.publish('a')
    await eventually(() => stream.ids().length === 1, 2_000)
    const began = performance.now()
    streams.publish('b')
    await eventually(() => stream.ids().length === 2, 5_000)
    // The subscription itself counted too, so less than a second is free again when it was used up.
    expect(performance.now() - began).toBeGreaterThan(500)
  })

  it('does not consume an event that cannot be resolved: a client that reconnects receives it again', async () => {
    const stream = await streams.subscribe()
    await eventually(() => stream.position() === '0', 2_000)
    streams.world.resolve = async () => ({
      data: { notificationReceived: null },
      errors: [{ message: 'broken', extensions: { code: 'INTERNAL_SERVER_ERROR' } } as never],
    })
    streams.publish('a', 'b')
    await eventually(() => stream.isOver(), 5_000)
    expect([stream.position(), stream.text()]).toEqual([
      '0',
      expect.stringContaining('INTERNAL_SERVER_ERROR'),
    ])
    streams.world.resolve = async (id) => ({ data: { notificationReceived: { id } } })
    const again = await streams.subscribe({ authorization: 'Bearer ann', 'last-event-id': '0' })
    await eventually(() => again.ids().length === 2, 2_000)
  })

  it('is refused to signed-out viewers', async () => {
    const stream = await streams.subscribe({})
    await eventually(() => stream.isOver(), 2_000)
    expect(stream.text()).toMatch('UNAUTHENTICATED')
  })

  it('ends with UNAUTHENTICATED when the session expires', async () => {
    streams.world.expiresAt = Date.now() + 300
    const stream = await streams.subscribe()
    await eventually(() => stream.position() === '0', 2_000)
    await eventually(() => stream.isOver(), 2_000)
    expect(stream.text()).toMatch('"code":"UNAUTHENTICATED"')
    streams.publish('a')
    await sleep(50)
    expect(stream.ids()).toEqual([])
  })

  it('survives the expiry of its token if another request has brought a newer token of the session', async () => {
    streams.world.expiresAt = Date.now() + 400
    const stream = await streams.subscribe({ authorization: 'Bearer ann/phone/1' })
    await eventually(() => stream.position() === '0', 2_000)
    streams.world.expiresAt = Date.now() + 60_000
    await streams.subscribe({ authorization: 'Bearer ann/phone/2' })
    streams.world.expired.add('Bearer ann/phone/1')
    await sleep(600)
    streams.publish('a')
    await eventually(() => stream.ids().length === 1, 2_000)
  })

  it('survives the expiry of its token if the session has a newer token, which no request has brought', async () => {
    await streams.stop()
    const newest = { end: Date.now() + 2_500, asked: [] as string[] }
    streams = await startTestStreams({
      newestTokenEnd: async (sessionId) => {
        newest.asked.push(sessionId)
        return newest.end
      },
    })
    streams.world.expiresAt = Date.now() + 400
    const stream = await streams.subscribe({ authorization: 'Bearer ann/phone/1' })
    await eventually(() => stream.position() === '0', 2_000)
    await sleep(600)
    streams.world.expired.add('Bearer ann/phone/1')
    await sleep(200)
    streams.publish('a')
    await eventually(() => stream.ids().length === 1, 2_000)
    // The session is not refreshed again.
    await eventually(() => stream.isOver(), 5_000)
    expect(Date.now()).toBeGreaterThanOrEqual(newest.end)
    expect(stream.text()).toMatch('"code":"UNAUTHENTICATED"')
    expect(new Set(newest.asked)).toEqual(new Set(['phone']))
  })

  it('is not prolonged by a token of another session or another user', async () => {
    streams.world.expiresAt = Date.now() + 400
    const stream = await streams.subscribe({ authorization: 'Bearer ann/phone/1' })
    await eventually(() => stream.position() === '0', 2_000)
    streams.world.expiresAt = Date.now() + 60_000
    for (const token of ['ann/laptop/1', 'bob/phone/1', 'ann']) {
      await streams.subscribe({ authorization: `Bearer ${token}` })
    }
    await eventually(() => stream.isOver(), 2_000)
    expect(stream.text()).toMatch('"code":"UNAUTHENTICATED"')
  })

  it('is continued without loss and repetition by graphql-sse when the process stops', async () => {
    streams.world.resolve = async (id) => {
      const position = String(streams.world.inbox.indexOf(id) + 1)
      return { data: { notificationReceived: { id, position } } }
    }
    const received: string[] = []
    let position = '0'
    const client = createClient({
      url: streams.url,
      headers: { authorization: 'Bearer ann' },
      retry: () => sleep(20),
    })
    const query = 'subscription ($after: ID) { notificationReceived(after: $after) { id position } }'
    const variables = {
      get after() {
        return position
      },
    }
    client.subscribe<{ notificationReceived: { id: string; position: string } }>(
      { query, variables },
      {
        next({ data }) {
          if (!data) return
          received.push(data.notificationReceived.id)
          position = data.notificationReceived.position
        },
        error() {},
        complete() {},
      },
    )
    streams.publish('a')
    await eventually(() => received.length === 1, 2_000)
    streams.endAll()
    streams.publish('b')
    await eventually(() => received.length === 2, 2_000)
    client.dispose()
    expect(received).toEqual(['a', 'b'])
  })

  it('continues after "Last-Event-ID" and not after an older argument', async () => {
    streams.publish('a', 'b', 'c')
    const body = JSON.stringify({ query: 'subscription { notificationReceived(after: "0") { id } }' })
    const all = await streams.subscribe(undefined, body)
    const rest = await streams.subscribe({ authorization: 'Bearer ann', 'last-event-id': '2' }, body)
    await eventually(() => all.ids().length === 3 && rest.ids().length === 1, 2_000)
    expect(rest.ids()).toEqual(['c'])
  })

  it('is closed if the client does not read it, and resolves few events until then', async () => {
    let resolved = 0
    const padding = 'x'.repeat(100_000)
    streams.world.resolve = async (id) => {
      resolved++
      return { data: { notificationReceived: { id, padding } } }
    }
    const stream = await streams.subscribe()
    await eventually(() => stream.position() === '0', 2_000)
    stream.response.pause()
    streams.publish(...Array.from({ length: 1_000 }, (_, index) => `n${index}`))
    // Longer than a client may stop reading. By then the kernel's buffers are full.
    await sleep(800)
    const soFar = resolved
    expect(soFar).toBeLessThan(200)
    await sleep(600)
    expect(resolved).toBe(soFar)
    stream.response.resume()
    await eventually(() => stream.isOver(), 2_000)
  })

  it('ends without the event "complete" when the process is about to stop', async () => {
    const stream = await streams.subscribe()
    await eventually(() => stream.position() === '0', 2_000)
    streams.endAll()
    await eventually(() => stream.isOver(), 2_000)
    expect(stream.text()).not.toMatch('event: complete')
  })

  it('ends with UNAUTHENTICATED soon after its token becomes invalid', async () => {
    const stream = await streams.subscribe()
    await eventually(() => stream.position() === '0', 2_000)
    streams.world.refusal = unavailable('The identity provider does not answer.')
    await sleep(250)
    expect(stream.isOver()).toBe(false)
    streams.world.refusal = unauthenticated('The access token is no longer valid.')
    await eventually(() => stream.isOver(), 2_000)
    expect(stream.text()).toMatch('"code":"UNAUTHENTICATED"')
    expect(stream.text()).toMatch('event: complete')
  })
})
