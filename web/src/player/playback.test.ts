import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../../../testing/eventually.ts'
import { createPlayback, type Notice, type Playback } from './playback.ts'
import type { MediaAddresses } from './player-media.ts'
import { followClock } from './server-clock.ts'

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
  /** How many of the next attempts to play the browser refuses, because they do not follow a tap. */
  refusing = 0
  readonly played: string[] = []
  canPlayType = () => 'maybe'
  async play(): Promise<void> {
    this.error = null
    if (this.refusing-- > 0) throw new DOMException('play() was not called after a tap', 'NotAllowedError')
    this.refusing = 0
    this.played.push(this.src)
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
  let headers: Record<string, string>
  let renewed: Promise<MediaAddresses | null>
  let isWatched: boolean
  const started: Playback[] = []
  let asked: number
  let renewals: number
  beforeEach(() => {
    isWatched = true
    asked = 0
    renewals = 0
    media = new FakeMedia()
    notices = []
    status = 200
    headers = {}
    renewed = Promise.resolve({ ...ADDRESSES, streamUrl: 'https://moblog.test/renewed.m3u8' })
    globalThis.fetch = async () => {
      asked += 1
      return new Response(null, { status, headers })
    }
  })
  afterEach(() => {
    for (const each of started.splice(0)) each.stop()
  })
  afterAll(() => {
    globalThis.fetch = realFetch
  })

  function playback(expiresAt: string | null = null, others: Partial<MediaAddresses> = {}) {
    return playbackOf({ ...ADDRESSES, expiresAt, ...others })
  }

  function playbackOf(addresses: MediaAddresses) {
    const created = createPlayback({
      mediaId: '1',
      addresses,
      hasOriginal: ({ progressiveUrl }) => progressiveUrl === undefined,
      createElement: () => media as unknown as HTMLMediaElement,
      renew: () => () => {
        renewals += 1
        return renewed
      },
      isWatched: () => isWatched,
      onElement() {},
      onNotice: (notice) => notices.push(notice),
    })
    started.push(created)
    return created
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

  it('continues with newer addresses that came while it was paused only when it plays, and so keeps its picture', async () => {
    const played = playback()
    await played.play()
    media.currentTime = 40
    media.pause()
    played.take({ ...ADDRESSES, streamUrl: 'https://moblog.test/newer.m3u8' })
    await sleep(0)
    expect(media.src).toBe(ADDRESSES.streamUrl)
    await played.play()
    expect([media.played.at(-1), media.currentTime]).toEqual(['https://moblog.test/newer.m3u8', 40])
    expect(renewals).toBe(0)
  })

  it('says no longer that it does not play when it plays after all', async () => {
    await playback(null, { streamUrl: null }).play()
    media.fail()
    await eventually(() => notices.at(-1) === 'FAILED')
    media.dispatchEvent(new Event('playing'))
    expect(notices.at(-1)).toBe('NONE')
  })

  it('is tried again from the beginning when the viewer taps after it has failed', async () => {
    const played = playback()
    await played.play()
    media.fail()
    await eventually(() => media.played.at(-1) === ADDRESSES.progressiveUrl)
    media.fail()
    await eventually(() => notices.at(-1) === 'FAILED')
    await played.play()
    expect([notices.at(-1), media.played.at(-1)]).toEqual(['NONE', 'https://moblog.test/renewed.m3u8'])
  })

  describe('of a film that the browser has loaded already', () => {
    const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString()
    async function startPlaying(): Promise<void> {
      await playback(inAnHour()).play()
      media.dispatchEvent(new Event('playing'))
    }

    it('stops within a second after the viewer has lost the right to play it', async () => {
      await startPlaying()
      status = 403
      renewed = Promise.resolve(null)
      await eventually(() => notices.at(-1) === 'ENDED', 1_000)
      expect(media.paused).toBe(true)
    })

    it.each([
      ['is paused', () => media.pause()],
      ['belongs to the viewer or is not visible', () => (isWatched = false)],
    ])('asks nothing while it %s', async (_what, change) => {
      await startPlaying()
      change()
      await sleep(1_600)
      expect(asked).toBe(0)
    })
  })

  describe('of a film that is still being made', () => {
    const unfinished = { ...ADDRESSES, progressiveUrl: null }
    beforeEach(() => {
      renewed = Promise.resolve(unfinished)
      status = 503
    })

    it('waits calmly for the stream, asks for nothing else, and plays it when it is there', async () => {
      await playback(null, unfinished).play()
      for (const _attempt of ['first', 'second']) {
        const before = media.played.length
        media.fail()
        await eventually(() => media.played.length > before, 4_000)
      }
      expect(new Set(media.played)).toEqual(new Set([ADDRESSES.streamUrl]))
      expect(new Set(notices)).toEqual(new Set(['PREPARING']))
      media.dispatchEvent(new Event('playing'))
      expect(notices.at(-1)).toBe('NONE')
    })

    it.each([
      ['the stream, which is there now', unfinished, ADDRESSES.streamUrl],
      ['the file, which has been made', { ...ADDRESSES, streamUrl: null }, ADDRESSES.progressiveUrl],
    ])(
      'offers the play button if the browser wants a tap before it plays %s',
      async (_what, next, address) => {
        const played = playback(null, unfinished)
        await played.play()
        media.fail()
        await eventually(() => notices.at(-1) === 'PREPARING')
        renewed = Promise.resolve(next)
        media.refusing = 1
        await eventually(() => notices.at(-1) === 'NONE', 3_000)
        const before = media.played.length
        await played.play()
        expect(media.played.slice(before)).toEqual([address])
        expect(notices.at(-1)).toBe('NONE')
      },
    )

    it('keeps saying that it is prepared if the viewer taps meanwhile', async () => {
      const played = playback(null, unfinished)
      await played.play()
      media.fail()
      await eventually(() => notices.at(-1) === 'PREPARING')
      await played.play()
      expect(notices.at(-1)).toBe('PREPARING')
    })

    it('waits as long as the server says', async () => {
      headers = { 'retry-after': '2' }
      await playback(null, unfinished).play()
      const [failedAt, before] = [Date.now(), media.played.length]
      media.fail()
      await eventually(() => media.played.length > before, 4_000)
      expect(Date.now() - failedAt).toBeGreaterThanOrEqual(1_990)
    })

    it('plays the file as soon as there is one if the browser cannot play the stream', async () => {
      status = 200
      renewed = Promise.resolve({ ...ADDRESSES })
      await playback(null, unfinished).play()
      media.fail()
      await eventually(() => notices.at(-1) === 'PREPARING')
      await eventually(() => media.played.at(-1) === ADDRESSES.progressiveUrl, 3_000)
    })

    it('plays the stream as soon as there is one if the original is not there either', async () => {
      renewed = Promise.resolve(unfinished)
      await playbackOf({ url: ADDRESSES.url, streamUrl: null }).play()
      expect(media.src).toBe(ADDRESSES.url)
      media.fail()
      await eventually(() => media.played.at(-1) === ADDRESSES.streamUrl, 3_000)
    })

    it('is not loaded any more when the viewer has paused it, until it is played again', async () => {
      const played = playback(null, unfinished)
      await played.play()
      media.fail()
      await eventually(() => notices.at(-1) === 'PREPARING')
      played.pause()
      const before = media.played.length
      expect(notices.at(-1)).toBe('NONE')
      await new Promise((resolve) => setTimeout(resolve, 1_300))
      expect(media.played).toHaveLength(before)
      await played.play()
      expect(media.played).toHaveLength(before + 1)
    })
  })

  /** Plays until addresses are refused that had time left. Resolves when that is explained; the API has not answered yet. */
  const refusedEarly = async () => {
    const answer = Promise.withResolvers<MediaAddresses | null>()
    renewed = answer.promise
    await playback(new Date(Date.now() + 60_000).toISOString()).play()
    status = 403
    media.fail()
    await eventually(() => notices.at(-1) === 'REFUSED', 1_000)
    return answer
  }

  it('renews addresses once if the clock of the device is a day ahead, and then knows it', async () => {
    followClock(() => Date.now() + 24 * 3_600_000)
    const expiresAt = new Date(Date.now() + 300_000).toISOString()
    renewed = Promise.resolve({ ...ADDRESSES, expiresAt })
    const played = playback(expiresAt)
    await played.play()
    played.pause()
    await played.play()
    expect(renewals).toBe(1)
    // Whether the viewer has lost the right to play it is asked with addresses that are valid.
    media.dispatchEvent(new Event('playing'))
    await eventually(() => asked > 0)
    followClock(() => Date.now())
  })

  it('explains within a second that a right has ended, however late the answer about new addresses is', async () => {
    const answer = await refusedEarly()
    answer.resolve(null)
    await eventually(() => notices.at(-1) === 'ENDED')
  })

  it('goes on after the explanation if the viewer has another right', async () => {
    const answer = await refusedEarly()
    answer.resolve({ ...ADDRESSES, streamUrl: 'https://moblog.test/renewed.m3u8' })
    await eventually(() => media.played.at(-1) === 'https://moblog.test/renewed.m3u8')
    expect([media.paused, notices.at(-1)]).toEqual([false, 'NONE'])
  })

  it('does not say that a right has ended if only the addresses have expired', async () => {
    const answer = Promise.withResolvers<MediaAddresses | null>()
    await playback(new Date(Date.now() + 2_100).toISOString()).play()
    renewed = answer.promise
    status = 403
    await new Promise((resolve) => setTimeout(resolve, 200))
    media.fail()
    await eventually(() => notices.at(-1) === 'CHECKING', 1_000)
    answer.resolve(ADDRESSES)
  })
})
