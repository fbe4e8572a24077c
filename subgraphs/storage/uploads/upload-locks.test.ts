import { createUploadLocks } from './upload-locks.ts'

const never = new AbortController().signal

describe('the locks of uploads', () => {
  it('ask the holder to leave and let the next in when it has', async () => {
    const locks = createUploadLocks()
    const events: string[] = []
    const first = locks.newLock('a')
    await first.lock(never, () => void events.push('asked'))
    const second = locks.newLock('a')
    const entered = second.lock(never, () => {}).then(() => events.push('entered'))
    await Promise.resolve()
    expect(events).toEqual(['asked'])
    await first.unlock()
    await entered
    expect(events).toEqual(['asked', 'entered'])
    await second.unlock()
    expect(locks.isHeld('a')).toBe(false)
  })

  it('let in one at a time, in the order of coming', async () => {
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

  it('ask one that comes in while others wait to be quick', async () => {
    const locks = createUploadLocks()
    const [first, second, third] = [locks.newLock('a'), locks.newLock('a'), locks.newLock('a')]
    let isAsked = false
    await first.lock(never, () => {})
    const entered = second.lock(never, () => {
      isAsked = true
    })
    const last = third.lock(never, () => {})
    await first.unlock()
    await entered
    expect(isAsked).toBe(true)
    await second.unlock()
    await last
  })

  it('forget who stopped waiting', async () => {
    const locks = createUploadLocks()
    const first = locks.newLock('a')
    await first.lock(never, () => {})
    const gone = new AbortController()
    const waiting = locks.newLock('a').lock(gone.signal, () => {})
    gone.abort(new Error('the client went away'))
    await expect(waiting).rejects.toThrow('went away')
    await first.unlock()
    expect(locks.isHeld('a')).toBe(false)
  })

  it('do not mix up uploads', async () => {
    const locks = createUploadLocks()
    await locks.newLock('a').lock(never, () => {})
    await locks.hold('b', async () => expect(locks.isHeld('b')).toBe(true))
  })
})
