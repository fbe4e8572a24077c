import { parseWebVtt } from './captions.ts'
import { clockTime } from './clock-time.ts'
import { keyAction } from './player-keys.ts'
import { retryAfterMs, troubleOf } from './refusal.ts'
import { hasOriginal, isBeingMade, sourcesOf } from './sources.ts'
import { barsOf, wavePath } from './waveform.ts'

describe('the sources of media', () => {
  const addresses = { url: 'original', progressiveUrl: 'file', streamUrl: 'stream' }

  it.each([
    ['plays HLS itself', { playsHls: true, hasMediaSource: true }, ['NATIVE_STREAM stream', 'FILE file']],
    ['needs hls.js', { playsHls: false, hasMediaSource: true }, ['HLS_JS stream', 'FILE file']],
    ['plays no streams', { playsHls: false, hasMediaSource: false }, ['FILE file']],
  ])('are tried in the right order by a browser that %s', (_what, abilities, expected) => {
    expect(sourcesOf(addresses, abilities, true).map(({ kind, url }) => `${kind} ${url}`)).toEqual(expected)
  })

  it('are the original if the server has it and nothing else', () => {
    const early = { url: 'original', progressiveUrl: null, streamUrl: null }
    const abilities = { playsHls: true, hasMediaSource: true }
    expect(sourcesOf(early, abilities, true)).toEqual([{ kind: 'FILE', url: 'original' }])
    expect(sourcesOf(early, abilities, false)).toEqual([])
  })

  const film = { id: '1', kind: 'VIDEO' as const, access: null }
  const early = { url: 'original', progressiveUrl: null, streamUrl: null }

  it.each([
    ['another user waits for variants', { ...film, byteSize: null }, early, true],
    ['the size was not asked for', film, early, true],
    ['the owner has the original', { ...film, byteSize: 9 }, early, false],
    ['no variants can be made', { ...film, state: 'FAILED' }, early, false],
    ['there is a stream', film, { ...early, streamUrl: 'stream' }, false],
    ['there is a file', film, { ...early, progressiveUrl: 'file' }, false],
    ['the page has only one address', film, { url: 'original' }, false],
  ])('are still being made or not: %s', (_what, media, access, expected) => {
    expect(isBeingMade(media, access)).toBe(expected)
  })

  it('are only the stream while no file is made', () => {
    const streamed = { ...early, streamUrl: 'stream' }
    const sources = sourcesOf(
      streamed,
      { playsHls: true, hasMediaSource: true },
      hasOriginal({ ...film, state: 'PROCESSING' }, streamed),
    )
    expect(sources).toEqual([{ kind: 'NATIVE_STREAM', url: 'stream' }])
  })
})

it('a status says whether a right has ended or the server is busy', () => {
  const statuses = [401, 403, 404, 410, 429, 500, 503, 0, undefined, 200]
  expect(statuses.map(troubleOf)).toEqual([
    ...Array(4).fill('REFUSED'),
    ...Array(3).fill('LATER'),
    'OFFLINE',
    'OFFLINE',
    'NONE',
  ])
})

it('the time after which to try again is read in seconds, and bounded', () => {
  expect(['3', '0', null, undefined, '-1', 'soon', '86400'].map(retryAfterMs)).toEqual([
    3_000, 0, 0, 0, 0, 0, 300_000,
  ])
})

it('a time is shown as on a clock', () => {
  expect([0, 5.9, 65, 3605, Number.NaN].map(clockTime)).toEqual(['0:00', '0:05', '1:05', '1:00:05', '0:00'])
})

describe('a waveform', () => {
  it('keeps the loudest peak of each part', () => {
    expect(barsOf([0, 255, 0, 0, 51, 0], 3)).toEqual([1, 0, 0.2])
  })

  it('has at most one bar for each peak, and none without peaks', () => {
    expect(barsOf([255, 0], 100)).toHaveLength(2)
    expect(barsOf([], 100)).toEqual([])
  })

  it('is drawn with one shape for each bar', () => {
    expect(wavePath([1, 0]).match(/M/g)).toHaveLength(2)
  })
})

describe('captions', () => {
  it('are read with their times and without their styles', () => {
    const file =
      'WEBVTT\r\n\r\nNOTE nothing\r\n\r\n1\r\n00:01.000 --> 00:02.500 align:start\r\n<b>Hello</b> &amp; welcome\r\n\r\n01:00:00.000 --> 01:00:01.000\r\n再见\r\n'
    expect(parseWebVtt(file)).toEqual([
      { start: 1, end: 2.5, text: 'Hello & welcome' },
      { start: 3600, end: 3601, text: '再见' },
    ])
  })

  it('of another format are none', () => {
    expect(parseWebVtt('<html>no captions</html>')).toEqual([])
  })
})

describe('a key', () => {
  it('acts on the player', () => {
    expect(keyAction(' ', false, false)).toEqual({ kind: 'TOGGLE' })
    expect(keyAction('ArrowRight', false, false)).toEqual({ kind: 'SEEK_BY', seconds: 5 })
    expect(keyAction('7', false, false)).toEqual({ kind: 'SEEK_TO', share: 0.7 })
    expect(keyAction('F', false, true)).toEqual({ kind: 'FULLSCREEN' })
  })

  it('belongs to the control that has the focus, or to the browser', () => {
    expect([' ', 'Enter', 'ArrowLeft', '3'].map((key) => keyAction(key, false, true))).toEqual(
      Array(4).fill(null),
    )
    expect(keyAction('f', true, false)).toBeNull()
    expect(keyAction('Tab', false, false)).toBeNull()
  })
})
