import { createUploadLocks } from './upload-locks.ts'

/** Holds a lock until it is released; `events` records when it was entered and when it was asked to leave. */
function holder(locks: ReturnType<typeof createUploadLocks>, events: string[] = [], waiting?: AbortSignal) {
  const { promise: release, resolve: letGo } = Promise.withResolvers<void>()
  const done = locks.hold(
    'a',
    (leave) => {
      events.push('entered')
      if (leave.aborted) events.push('asked')
      leave.addEventListener('abort', () => events.push('asked'))
      return release
    },
    waiting,
  )
  return { done, letGo, events }
}

const aMoment = () => new Promise((resolve) => setImmediate(resolve))

describe('an upload lock', () => {
  it('asks its holder to leave and then goes to the next request', async () => {
    const locks = createUploadLocks()
    const first = holder(locks)
    const second = holder(locks)
    await aMoment()
    expect([first.events, second.events]).toEqual([['entered', 'asked'], []])
    first.letGo()
    await first.done
    await aMoment()
    expect(second.events).toEqual(['entered'])
    second.letGo()
    await second.done
    expect(locks.isHeld('a')).toBe(false)
  })

  it('is held by one request at a time, in the order of the requests', async () => {
    const locks = createUploadLocks()
    const order: number[] = []
    let inside = 0
    await Promise.all(
      [1, 2, 3, 4].map((number) =>
        locks.hold('a', async () => {
          expect(++inside).toBe(1)
          await new Promise((resolve) => setTimeout(resolve, 2))
          order.push(number)
          inside--
        }),
      ),
    )
    expect(order).toEqual([1, 2, 3, 4])
  })

  it('asks a new holder to leave immediately if other requests wait', async () => {
    const locks = createUploadLocks()
    const [first, second, third] = [holder(locks), holder(locks), holder(locks)]
    await aMoment()
    first.letGo()
    await first.done
    await aMoment()
    expect(second.events).toEqual(['entered', 'asked'])
    second.letGo()
    third.letGo()
    await third.done
  })

  it('skips a request that stopped waiting', async () => {
    const locks = createUploadLocks()
    const first = holder(locks)
    const gone = new AbortController()
    const { done: waiting } = holder(locks, [], gone.signal)
    gone.abort(new Error('the client disconnected'))
    await expect(waiting).rejects.toThrow('the client disconnected')
    first.letGo()
    await first.done
    expect(locks.isHeld('a')).toBe(false)
  })

  it('does not block other uploads', async () => {
    const locks = createUploadLocks()
    const { done, letGo } = holder(locks)
    await locks.hold('b', async () => expect(locks.isHeld('b')).toBe(true))
    letGo()
    await done
  })
})
