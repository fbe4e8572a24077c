import { jest } from '@jest/globals'
import { eventually } from '../../../testing/eventually.ts'
import type { MediaAddresses } from './player-media.ts'
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

  it('is asked for at once while its address is valid, or without a connection', async () => {
    const valid = shown(at('valid', 60_000))
    online(false)
    const kept = shown(at('kept', -1_000))
    await Promise.all([valid.end, kept.end])
    await eventually(() => valid.image.asked.length === 1 && kept.image.asked.length === 1)
    expect([valid.renew.mock.calls.length, kept.renew.mock.calls.length]).toEqual([0, 0])
  })
})
