import { jest } from '@jest/globals'
import { eventually } from '../../../testing/eventually.ts'
import type { MediaAddresses } from './player-media.ts'
import { followClock } from './server-clock.ts'
import { showPicture } from './show-picture.ts'

const at = (name: string, expiresInMs: number): MediaAddresses => ({
  url: `${name}/original`,
  progressiveUrl: `${name}/progressive`,
  posterUrl: `${name}/poster`,
  expiresAt: new Date(Date.now() + expiresInMs).toISOString(),
})

/** An image that loads whatever it is asked for. */
class FakeImage extends EventTarget {
  hidden = false
  loading = 'lazy'
  isConnected = true
  readonly asked: string[] = []
  set src(url: string) {
    this.asked.push(url)
    queueMicrotask(() => this.dispatchEvent(new Event('load')))
  }
}

describe('a picture', () => {
  const online = (isOnline: boolean) =>
    jest.spyOn(globalThis, 'navigator', 'get').mockReturnValue({ ...navigator, onLine: isOnline })
  beforeEach(() => {
    online(true)
    Object.assign(globalThis, { matchMedia: () => ({ matches: false }) })
  })
  afterEach(() => {
    jest.restoreAllMocks()
    Reflect.deleteProperty(globalThis, 'matchMedia')
    followClock(() => Date.now())
  })

  const shown = (access: MediaAddresses, image = new FakeImage()) => {
    const renew = jest.fn(async () => at('new', 60_000))
    const end = showPicture(image as unknown as HTMLImageElement, { access }, renew)
    return { image, renew, end }
  }

  it('is not asked for at an expired address, but at a new one', async () => {
    const { image, end } = shown(at('old', -1_000))
    await end
    expect(image.asked).toEqual(['new/progressive'])
  })

  it('needs no new address if a list has replaced it meanwhile', async () => {
    const { image, renew, end } = shown(at('old', -1_000))
    image.isConnected = false
    await end
    expect([image.asked, renew.mock.calls.length]).toEqual([[], 0])
  })

  it('is asked for at an expired address after all if nobody renews it, because the clock may be wrong', async () => {
    const image = new FakeImage()
    const access = at('old', -1_000)
    await showPicture(image as unknown as HTMLImageElement, { access }, () => Promise.reject(new Error()))
    expect(image.asked).toEqual(['old/progressive'])
  })

  it('needs one new address for all pictures of a page if the clock is a day ahead, and none if the page knows it', async () => {
    followClock(() => Date.now() + 24 * 3_600_000)
    const first = shown(at('first', 300_000))
    await first.end
    const second = shown(at('second', 300_000))
    await second.end
    followClock(() => Date.now())
    const known = shown(at('known', 300_000))
    await known.end
    const calls = [first, second, known].map(({ renew }) => renew.mock.calls.length)
    expect([first.image.asked, calls]).toEqual([['new/progressive'], [1, 0, 0]])
  })

  it('is asked for at once while its address is valid, or without a connection', async () => {
    const valid = shown(at('valid', 60_000))
    online(false)
    const kept = shown(at('kept', -1_000))
    await Promise.all([valid.end, kept.end])
    await eventually(() => valid.image.asked.length === 1 && kept.image.asked.length === 1)
    expect([valid.renew.mock.calls.length, kept.renew.mock.calls.length]).toEqual([0, 0])
  })
})
