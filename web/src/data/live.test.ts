import { jest } from '@jest/globals'
import { memoryIndexedDb } from '../../test/memory-database.ts'
import { memoryStorage } from '../../test/memory-storage.ts'

const page = Object.assign(new EventTarget(), { baseURI: 'https://moblog.test/', visibilityState: 'visible' })
Object.assign(globalThis, {
  document: page,
  localStorage: memoryStorage(),
  ...memoryIndexedDb(),
  addEventListener() {},
  removeEventListener() {},
})

const { openClient } = await import('./client.ts')
const { openOutbox } = await import('./outbox.ts')
const { receiveNotifications } = await import('./live.ts')
const { writeSession } = await import('./session-store.ts')

const NOTIFICATION = {
  __typename: 'MediaStored',
  id: 'n',
  position: '7',
  createdAt: '2026-11-27T00:00:00Z',
  readAt: null,
  media: null,
}
const HEARTBEAT = ':\n\n'
const eventOf = (data: object) => `event: next\ndata: ${JSON.stringify(data)}\n\n`

/** A stream that the client has opened: after which position, whether it is closed, and what sends something on it. */
type Opened = { after: unknown; isClosed(): boolean; send(text: string): void }

describe('the stream of notifications', () => {
  const { fetch: realFetch } = globalThis
  let streams: Opened[] = []
  let end = () => {}
  let continuedCount = 0
  /** Whether something between the client and the server keeps what streams bring. */
  let isKept = false
  const onContinued = () => {
    continuedCount += 1
  }

  beforeEach(() => {
    // In development, graphcache warns about each fragment that does not fit the type of what it writes.
    jest.spyOn(console, 'warn').mockImplementation(() => {})
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] })
    writeSession({
      userId: 'mei',
      handle: 'mei',
      displayName: 'Mei',
      accessToken: 'token',
      refreshToken: 'refresh',
      expiresAt: new Date(Date.now() + 600_000).toISOString(),
    })
    streams = []
    continuedCount = 0
    isKept = false
    globalThis.fetch = async (_input, init) => {
      const { query, variables } = JSON.parse(String(init?.body))
      if (!query.startsWith('subscription')) return Response.json({ data: { viewer: null } })
      const { opened, body } = openStream(variables.after, init?.signal)
      streams.push(opened)
      if (isKept) await new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', reject))
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    }
    // A channel to other windows would keep the tests from ending.
    openClient('mei', { ...openOutbox('mei'), onWithdrawn() {} }, () => {})
  })
  afterEach(() => {
    end()
    jest.useRealTimers()
    jest.restoreAllMocks()
    globalThis.fetch = realFetch
  })

  const closed = () => streams.map((stream) => stream.isClosed())

  /** Opens the stream, on which a notification arrives at the position 7. */
  async function begin(): Promise<void> {
    const taken: unknown[] = []
    end = receiveNotifications((notification) => taken.push(notification), onContinued)
    await until(() => streams.length === 1)
    streams[0]?.send(eventOf({ data: { notificationReceived: NOTIFICATION } }))
    await until(() => taken.length === 1)
  }

  it('is closed without an unhandled rejection when the server says that the session has ended', async () => {
    end = receiveNotifications(() => {}, onContinued)
    await until(() => streams.length === 1)
    streams[0]?.send(eventOf({ data: null, errors: [{ message: 'The session has ended.' }] }))
    await until(() => streams[0]?.isClosed() === true)
    end()
    jest.useRealTimers()
    // Jest fails a test with an unhandled rejection, which Node tells after the microtasks.
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(closed()).toEqual([true])
  })

  it('stays open while heartbeats arrive', async () => {
    await begin()
    for (let heartbeat = 0; heartbeat < 10; heartbeat += 1) {
      await jest.advanceTimersByTimeAsync(12_000)
      streams[0]?.send(HEARTBEAT)
    }
    await jest.advanceTimersByTimeAsync(12_000)
    page.dispatchEvent(new Event('visibilitychange'))
    expect([closed(), continuedCount]).toEqual([[false], 0])
  })

  it('is closed when nothing has arrived for half a minute, and continues after the last notification', async () => {
    await begin()
    await jest.advanceTimersByTimeAsync(25_000)
    expect(closed()).toEqual([false])
    await jest.advanceTimersByTimeAsync(20_000)
    await until(() => streams.length === 2)
    expect([closed(), streams[1]?.after]).toEqual([[true, false], '7'])
    // Another device may have read notifications meanwhile.
    await until(() => continuedCount === 1)
  })

  it('is replaced by a question now and then while nothing arrives on any stream and the page is visible', async () => {
    isKept = true
    let otherCount = 0
    const countOther = () => {
      otherCount += 1
    }
    const endFirst = receiveNotifications(() => {}, onContinued)
    await until(() => streams.length === 1)
    const endOther = receiveNotifications(() => {}, countOther)
    end = () => {
      endFirst()
      endOther()
    }
    const pass = async (seconds: number) => {
      const before = [continuedCount, otherCount]
      for (let passed = 0; passed < seconds; passed += 5) {
        await jest.advanceTimersByTimeAsync(5_000)
        await turns()
        if (!isKept) streams.at(-1)?.send(HEARTBEAT)
      }
      return [continuedCount - Number(before[0]), otherCount - Number(before[1])]
    }
    expect(await pass(35)).toEqual([0, 0])
    expect(await pass(200)).toEqual([4, 4])
    page.visibilityState = 'hidden'
    expect(await pass(200)).toEqual([0, 0])
    page.visibilityState = 'visible'
    isKept = false
    await pass(60)
    expect(await pass(200)).toEqual([0, 0])
  })

  it('is opened again at once if nothing has arrived while the user was away', async () => {
    await begin()
    await jest.advanceTimersByTimeAsync(1_000)
    // The device sleeps, and no timer runs.
    jest.setSystemTime(Date.now() + 20_000)
    page.visibilityState = 'hidden'
    page.dispatchEvent(new Event('visibilitychange'))
    await jest.advanceTimersByTimeAsync(2_000)
    expect(closed()).toEqual([false])
    page.visibilityState = 'visible'
    page.dispatchEvent(new Event('visibilitychange'))
    await jest.advanceTimersByTimeAsync(2_000)
    await until(() => streams.length === 2)
    expect(closed()).toEqual([true, false])
  })

  it('is opened by one window, which passes on what arrives, and by another one when that is closed', async () => {
    await begin()
    const taken: string[] = []
    const endOther = receiveNotifications(({ position }) => taken.push(position), onContinued)
    await turns()
    streams[0]?.send(eventOf({ data: { notificationReceived: { ...NOTIFICATION, id: 'o', position: '8' } } }))
    await until(() => taken.length === 1)
    expect([streams.length, taken]).toEqual([1, ['8']])
    end()
    await until(() => streams.length === 2)
    expect([closed(), streams[1]?.after]).toEqual([[true, false], '8'])
    end = endOther
  })

  it('is opened although another window has it that is frozen, and left to a window that takes it', async () => {
    let thaw = () => {}
    const isFrozen = new Promise<void>((resolve) => {
      thaw = resolve
    })
    const frozen = navigator.locks.request('moblog-stream-mei', () => isFrozen).catch(() => 'taken')
    end = receiveNotifications(() => {}, onContinued)
    await turns()
    await jest.advanceTimersByTimeAsync(25_000)
    expect(streams).toEqual([])
    page.visibilityState = 'hidden'
    await jest.advanceTimersByTimeAsync(60_000)
    expect(streams).toEqual([])
    page.visibilityState = 'visible'
    page.dispatchEvent(new Event('visibilitychange'))
    await until(() => streams.length === 1)
    expect(await frozen).toBe('taken')
    thaw()
    const other = navigator.locks.request('moblog-stream-mei', { steal: true }, () => {})
    await until(() => streams[0]?.isClosed() === true)
    await other
    await until(() => streams.length === 2)
  })

  it('is left to other windows while the page is frozen', async () => {
    await begin()
    page.dispatchEvent(new Event('freeze'))
    await until(() => streams[0]?.isClosed() === true)
    await navigator.locks.request('moblog-stream-mei', () => {})
    page.dispatchEvent(new Event('resume'))
    await until(() => streams.length === 2)
    expect(streams[1]?.after).toBe('7')
  })

  it('is open while the page is visible if windows cannot take turns', async () => {
    const { locks } = navigator
    Object.defineProperty(navigator, 'locks', { value: undefined, configurable: true })
    await begin()
    page.visibilityState = 'hidden'
    page.dispatchEvent(new Event('visibilitychange'))
    await until(() => streams[0]?.isClosed() === true)
    await jest.advanceTimersByTimeAsync(60_000)
    expect(streams.length).toBe(1)
    page.visibilityState = 'visible'
    page.dispatchEvent(new Event('visibilitychange'))
    await until(() => streams.length === 2)
    expect([closed(), streams[1]?.after]).toEqual([[true, false], '7'])
    Object.defineProperty(navigator, 'locks', { value: locks, configurable: true })
  })
})

/** Lets everything happen that happens without the timers. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

/** Waits for something that happens without the timers, which are fake. */
async function until(isDone: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1_000 && !isDone(); turn += 1)
    await new Promise((resolve) => setImmediate(resolve))
  expect(isDone()).toBe(true)
}

/** A body that stays open, and breaks when its request is aborted, as in a browser. */
function openStream(
  after: unknown,
  signal: AbortSignal | null | undefined,
): { opened: Opened; body: ReadableStream<Uint8Array> } {
  const encoder = new TextEncoder()
  let send = (_text: string) => {}
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      send = (text) => controller.enqueue(encoder.encode(text))
      signal?.addEventListener('abort', () => controller.error(signal.reason))
    },
  })
  return { opened: { after, isClosed: () => signal?.aborted === true, send }, body }
}
