import { memoryStorage } from '../../test/memory-storage.ts'
import { reloadAfterUpdate } from './reload-after-update.ts'

describe('a page whose files are lost', () => {
  const { navigator } = globalThis
  afterEach(() => setOnline(undefined))

  const setOnline = (onLine: boolean | undefined) =>
    Object.defineProperty(globalThis, 'navigator', {
      value: onLine === undefined ? navigator : { onLine },
      configurable: true,
    })

  function lose(times: number): { reloads: number; errors: number } {
    const page = new EventTarget()
    const counts = { reloads: 0, errors: 0 }
    reloadAfterUpdate(page, memoryStorage(), () => {
      counts.reloads += 1
    })
    for (let time = 0; time < times; time += 1) {
      const event = new Event('vite:preloadError', { cancelable: true })
      page.dispatchEvent(event)
      if (!event.defaultPrevented) counts.errors += 1
    }
    return counts
  }

  it('is reloaded once', () => {
    setOnline(true)
    expect(lose(1)).toEqual({ reloads: 1, errors: 0 })
    expect(lose(3)).toEqual({ reloads: 1, errors: 2 })
  })

  it('stays without a connection', () => {
    setOnline(false)
    expect(lose(1)).toEqual({ reloads: 0, errors: 1 })
  })
})
