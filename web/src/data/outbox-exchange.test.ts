import { jest } from '@jest/globals'
import { Client, fetchExchange } from '@urql/core'
import { type Outbox, outboxExchange, SentElsewhere, Withdrawn } from './outbox-exchange.ts'
import type { Letter } from './outbox-store.ts'

type Sent = { query: string; variables: { id: string }; signal: AbortSignal | null | undefined }
type Reply = (sent: Sent) => Response | Promise<Response>

const answer = (data: unknown, errors?: unknown) =>
  new Response(JSON.stringify({ data, errors }), { headers: { 'content-type': 'application/json' } })
const failure = (code: string, more: object = {}) =>
  answer(null, [{ message: code, extensions: { code, ...more } }])
const taken = () => answer({ like: { __typename: 'LikePayload' } })

describe('the outbox', () => {
  let stored: Letter[]
  let sent: string[]
  let reply: Reply
  let online: () => void
  let lock: Promise<unknown>
  let isOnline: boolean
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] })
    stored = []
    sent = []
    reply = taken
    lock = Promise.resolve()
    isOnline = true
  })
  afterEach(() => jest.useRealTimers())

  const letter = (id: string): Letter => ({
    id,
    document: 'mutation ($id: ID) { like(id: $id) { __typename } }',
    variables: { id },
  })

  /** Opens a window. All windows have the same store and the same lock. */
  function openWindow() {
    const handedIn = new Set<string>()
    const hand = (given: Letter, more: object = {}) => {
      handedIn.add(given.id)
      return client
        .mutation(given.document, { ...given.variables, ...more }, { letterId: given.id })
        .toPromise()
    }
    const withdrawals: ((id: string) => void)[] = []
    const outbox: Outbox = {
      alone(work) {
        const done = lock.then(work)
        lock = done.catch(() => {})
        return done
      },
      letters: async () => [...stored],
      async remove(id) {
        stored = stored.filter((each) => each.id !== id)
      },
      async noteSent(given) {
        stored = stored.map((each) => (each.id === given.id ? { ...each, wasSent: true } : each))
      },
      isOnline: () => isOnline,
      onWithdrawn: (listener) => void withdrawals.push(listener),
      adopt: (given) => void (handedIn.has(given.id) || hand(given)),
      onOnline(listener) {
        online = listener
      },
    }
    const client = new Client({
      url: 'http://moblog.test/graphql',
      preferGetMethod: false,
      exchanges: [outboxExchange(outbox), fetchExchange],
      async fetch(_url, init) {
        const request = { ...JSON.parse(String(init?.body)), signal: init?.signal } as Sent
        sent.push(request.variables.id)
        return reply(request)
      },
    })
    return {
      client,
      withdraw(id: string) {
        stored = stored.filter((each) => each.id !== id)
        for (const listener of withdrawals) listener(id)
      },
      write(id: string, more: object = {}) {
        stored.push(letter(id))
        return hand(letter(id), more)
      },
    }
  }

  it('sends letters in their order, and forgets them when they are answered', async () => {
    const { write } = openWindow()
    await Promise.all([write('1'), write('2'), write('3')])
    expect([sent, stored]).toEqual([['1', '2', '3'], []])
  })

  it.each([
    ['RATE_LIMITED', { retryAfterSeconds: 42 }, 42_000],
    ['SERVICE_UNAVAILABLE', {}, 5_000],
    ['INTERNAL_SERVER_ERROR', {}, 5_000],
  ])('keeps a letter after %s, and sends it again when the time has passed', async (code, more, ms) => {
    const { write } = openWindow()
    reply = () => failure(code, more)
    const done = write('1')
    await jest.advanceTimersByTimeAsync(ms - 500)
    expect([sent, stored]).toEqual([['1'], [letter('1')]])
    if (code === 'RATE_LIMITED') online()
    reply = taken
    await jest.advanceTimersByTimeAsync(code === 'RATE_LIMITED' ? 0 : 1)
    expect(sent).toEqual(['1'])
    await jest.advanceTimersByTimeAsync(1_000)
    expect((await done).data).toEqual({ like: { __typename: 'LikePayload' } })
    expect([sent, stored]).toEqual([['1', '1'], []])
  })

  it('sends at once when the device is connected again', async () => {
    const { write } = openWindow()
    reply = () => Promise.reject(new TypeError('offline'))
    const done = write('1')
    await jest.advanceTimersByTimeAsync(1_000)
    reply = taken
    online()
    await done
    expect([sent, stored]).toEqual([['1', '1'], []])
  })

  it('does not send a letter that the user has taken back, in no window', async () => {
    const [one, other] = [openWindow(), openWindow()]
    reply = () => Promise.reject(new TypeError('offline'))
    // It may be repeated, so a window that does not find it would send it.
    const [done] = [one.write('1', { input: { clientMutationId: 'm' } }), one.write('2')]
    await jest.advanceTimersByTimeAsync(1_000)
    for (const { withdraw } of [one, other]) withdraw('1')
    expect((await done).error?.networkError).toBeInstanceOf(Withdrawn)
    sent = []
    reply = taken
    online()
    await jest.advanceTimersByTimeAsync(10_000)
    expect([sent, stored]).toEqual([['2'], []])
  })

  it('notes of a post that it has left the device, before it does, unless there is no connection', async () => {
    const { write } = openWindow()
    reply = () => {
      seen.push(stored[0]?.wasSent ?? false)
      return Promise.reject(new TypeError('offline'))
    }
    const seen: boolean[] = []
    void write('1')
    Object.assign(stored[0] ?? {}, { draft: { text: 'Hello' } })
    isOnline = false
    await jest.advanceTimersByTimeAsync(1_000)
    isOnline = true
    online()
    await jest.advanceTimersByTimeAsync(1_000)
    expect(seen).toEqual([false, true])
  })

  it('does not wait for ever for an answer', async () => {
    const { write } = openWindow()
    let hung: AbortSignal | null | undefined
    reply = ({ signal }) => {
      hung = signal
      return new Promise(() => {})
    }
    const done = write('1')
    await jest.advanceTimersByTimeAsync(1_000)
    reply = taken
    const later = write('2')
    await jest.advanceTimersByTimeAsync(40_000)
    await Promise.all([done, later])
    expect(hung?.aborted).toBe(true)
    expect(sent).toEqual(['1', '1', '2'])
  })

  it('sends other letters before one that the server fails at again and again', async () => {
    const { write } = openWindow()
    reply = ({ variables }) => (variables.id === '1' ? failure('INTERNAL_SERVER_ERROR') : taken())
    void write('1')
    const other = write('2')
    await jest.advanceTimersByTimeAsync(60_000)
    await other
    expect(stored).toEqual([letter('1')])
  })

  it('sends what was written before the app was closed, also before newer letters', async () => {
    stored = [letter('1'), letter('2')]
    const { write } = openWindow()
    await write('3')
    expect([sent, stored]).toEqual([['1', '2', '3'], []])
  })

  it('sends a letter in one of two windows only, in the order of all windows', async () => {
    reply = () => Promise.reject(new TypeError('offline'))
    const one = openWindow()
    const liked = one.write('like')
    await jest.advanceTimersByTimeAsync(1_000)
    const other = openWindow()
    await jest.advanceTimersByTimeAsync(1_000)
    sent = []
    reply = taken
    const unliked = other.write('unlike')
    await jest.advanceTimersByTimeAsync(20_000)
    await unliked
    expect([sent, stored]).toEqual([['like', 'unlike'], []])
    // If the other window has sent it, the first one does not know the answer.
    const { data, error } = await liked
    expect(data !== undefined || error?.networkError instanceof SentElsewhere).toBe(true)
  })
})
