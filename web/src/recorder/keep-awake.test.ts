import { jest } from '@jest/globals'
import { keepAwake } from './keep-awake.ts'

const page = Object.assign(new EventTarget(), { visibilityState: 'visible' })
Object.assign(globalThis, { document: page })

/** The locks that keep the screen on. */
const on = new Set<object>()
const request = jest.fn(async () => {
  const lock = { release: async () => void on.delete(lock) }
  on.add(lock)
  return lock
})

const setWakeLock = (wakeLock: unknown) =>
  Object.defineProperty(navigator, 'wakeLock', { value: wakeLock, configurable: true })

async function show(visibilityState: string): Promise<void> {
  page.visibilityState = visibilityState
  // The browser ends it by itself.
  if (visibilityState === 'hidden') on.clear()
  page.dispatchEvent(new Event('visibilitychange'))
  await new Promise(setImmediate)
}

describe('the screen', () => {
  beforeEach(() => {
    request.mockClear()
    setWakeLock({ request })
    on.clear()
  })

  it('stays on until the recording has ended, and no longer', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    keepAwake(promise)
    await new Promise(setImmediate)
    expect(on.size).toBe(1)
    resolve()
    await new Promise(setImmediate)
    expect(on.size).toBe(0)
    await show('visible')
    expect(request).toHaveBeenCalledTimes(1)
  })

  it('stays on again when the page is back', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    keepAwake(promise)
    await show('hidden')
    expect(request).toHaveBeenCalledTimes(1)
    await show('visible')
    expect([request.mock.calls.length, on.size]).toEqual([2, 1])
    resolve()
    await new Promise(setImmediate)
    expect(on.size).toBe(0)
  })

  it.each([
    ['cannot do it', undefined],
    [
      'refuses it',
      { request: () => Promise.reject(new DOMException('the battery is low', 'NotAllowedError')) },
    ],
  ])('goes off as usual where the browser %s', async (_, wakeLock) => {
    setWakeLock(wakeLock)
    keepAwake(Promise.resolve())
    await new Promise(setImmediate)
    expect(on.size).toBe(0)
  })
})
