import { jest } from '@jest/globals'
import { followUpdates } from './follow-updates.ts'

const MINUTE_MS = 60_000

describe('a page that stays open', () => {
  const { navigator } = globalThis
  let updates = 0
  let answer: () => Promise<void> = async () => {}
  let page = newPage()

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] })
    updates = 0
    answer = async () => {}
    page = newPage()
    setOnline(true)
    const update = () => {
      updates += 1
      return answer()
    }
    followUpdates(Promise.resolve({ update }), page)
  })
  afterEach(() => {
    jest.useRealTimers()
    Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true })
  })

  function newPage() {
    return Object.assign(new EventTarget(), { visibilityState: 'visible' as DocumentVisibilityState })
  }

  function setOnline(onLine: boolean): void {
    Object.defineProperty(globalThis, 'navigator', { value: { onLine }, configurable: true })
  }

  /** Looks at something else for some minutes, and at the page again. Returns how often it has looked for a new version. */
  async function leave(minutes: number): Promise<number> {
    const before = updates
    const turn = async (state: DocumentVisibilityState) => {
      page.visibilityState = state
      page.dispatchEvent(new Event('visibilitychange'))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await turn('hidden')
    jest.setSystemTime(Date.now() + minutes * MINUTE_MS)
    await turn('visible')
    return updates - before
  }

  it('looks for a new version when the user comes back, at most once an hour', async () => {
    expect(await leave(10)).toBe(0)
    expect(await leave(51)).toBe(1)
    expect(await leave(59)).toBe(0)
    expect(await leave(1)).toBe(1)
    expect(await leave(24 * 60)).toBe(1)
  })

  it('does not look without a connection, but when the user comes back with one', async () => {
    setOnline(false)
    expect(await leave(61)).toBe(0)
    setOnline(true)
    expect(await leave(1)).toBe(1)
  })

  it('goes on if there is no answer', async () => {
    answer = () => Promise.reject(new TypeError('Failed to fetch'))
    expect(await leave(61)).toBe(1)
    expect(await leave(61)).toBe(1)
  })
})
