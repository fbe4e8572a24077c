import { eventually } from '../../../testing/eventually.ts'
import { createPlayback, type Notice } from './playback.ts'
import type { MediaAddresses } from './player-media.ts'

const ADDRESSES: MediaAddresses = {
  url: 'https://moblog.test/original',
  progressiveUrl: 'https://moblog.test/progressive',
  streamUrl: 'https://moblog.test/stream.m3u8',
  posterUrl: null,
  expiresAt: null,
}

/** A media element that remembers what is done with it. */
class FakeMedia extends EventTarget {
  src = ''
  currentTime = 0
  paused = true
  ended = false
  error: object | null = null
  readonly played: string[] = []
  canPlayType = () => 'maybe'
  async play(): Promise<void> {
    this.played.push(this.src)
    this.error = null
    this.paused = false
    this.dispatchEvent(new Event('play'))
  }
  pause(): void {
    this.paused = true
    this.dispatchEvent(new Event('pause'))
  }
  removeAttribute(): void {}
  load(): void {}
  /** Fails as in Chromium, which pauses it. */
  fail(): void {
    this.error = {}
    this.dispatchEvent(new Event('error'))
    this.pause()
  }
}

describe('the playback of a media file', () => {
  const { fetch: realFetch } = globalThis
  let media: FakeMedia
  let notices: Notice[]
  let status: number
  beforeEach(() => {
    media = new FakeMedia()
    notices = []
    status = 200
    globalThis.fetch = async () => new Response(null, { status })
  })
  afterAll(() => {
    globalThis.fetch = realFetch
  })

  function playback() {
    return createPlayback({
      mediaId: '1',
      addresses: ADDRESSES,
      createElement: () => media as unknown as HTMLMediaElement,
      renew: () => async () => ({ ...ADDRESSES, streamUrl: 'https://moblog.test/renewed.m3u8' }),
      onElement() {},
      onNotice: (notice) => notices.push(notice),
    })
  }

  it('goes on with the file if the browser has paused at a stream that it cannot play', async () => {
    await playback().play()
    expect(media.src).toBe(ADDRESSES.streamUrl)
    media.fail()
    await eventually(() => media.played.at(-1) === ADDRESSES.progressiveUrl)
    expect(media.paused).toBe(false)
  })

  it('goes on with renewed addresses if the browser has paused at a refusal', async () => {
    await playback().play()
    status = 403
    media.fail()
    await eventually(() => media.played.at(-1) === 'https://moblog.test/renewed.m3u8')
    expect(media.paused).toBe(false)
  })

  it('stays paused at trouble after the viewer has paused it', async () => {
    await playback().play()
    media.pause()
    media.fail()
    await eventually(() => media.src === ADDRESSES.progressiveUrl)
    expect([media.paused, media.played.at(-1)]).toEqual([true, ADDRESSES.streamUrl])
  })
})
