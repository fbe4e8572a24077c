import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { newId } from '../../../platform/ids.ts'
import { eventually } from '../../../testing/eventually.ts'
import { makeClip, openClips } from '../../../testing/storage/clips.ts'
import { decoded, get, mediaOf, picturesOf, settled, upload } from '../../../testing/storage/renditions.ts'
import { startTestStorage, type TestStorage } from '../../../testing/storage/storage.ts'
import { rateOf } from './source.ts'

const words = (line: string) => line.split(' ')
const PICTURE = ['-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=15:duration=3']
const SOUND = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=3']
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']
const AAC = ['-c:a', 'aac']
const FAST_START = ['-movflags', '+faststart']
const PLACE = ['-metadata', 'location=+48.8577+002.2950/']

const IS_BIG = process.env.MOBLOG_TEST_BIG === '1'
let storage: TestStorage
let clips: Awaited<ReturnType<typeof openClips>>
const owner = newId()
const friend = newId()

beforeAll(async () => {
  ;[clips, storage] = await Promise.all([openClips(), startTestStorage({ STORAGE_WORKERS: '1' })])
})

afterAll(async () => {
  await storage.stop()
  await clips.remove()
})

/**
 * Turns a video on its side with the matrix of its track header (ISO/IEC 14496-12 §8.3.2), 40 bytes after its box's
 * name.
 */
function turn(film: Buffer): void {
  const matrix = [0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000]
  matrix.forEach((value, index) => {
    film.writeInt32BE(value, film.indexOf('tkhd') + 44 + index * 4)
  })
}

/** Makes a clip with the given arguments. */
async function made(name: string, args: string[]): Promise<Buffer> {
  const file = path.join(clips.folder, name)
  await makeClip(args, file)
  return readFile(file)
}

async function ready(bytes: Buffer, mimeType?: string) {
  const { mediaId } = await upload(storage, owner, bytes, mimeType)
  const media = await settled(storage, owner, mediaId)
  expect(media).toMatchObject({ state: 'READY', processingPercent: null })
  const variant = (name: string, viewerId = friend) =>
    get(storage, { ownerId: owner, viewerId, mediaId }, name)
  return { mediaId, media, variant }
}

type Ready = Awaited<ReturnType<typeof ready>>

/** Downloads one size of a stream as one piece, with its playlist. */
async function stream({ variant }: Ready, index = 0) {
  const master = (await variant('stream/index.m3u8')).bytes.toString()
  const names = master.split('\n').filter((line) => line.endsWith('.m3u8'))
  const playlist = (await variant(`stream/${names[index]}`)).bytes.toString()
  const init = /URI="([^"]+)"/.exec(playlist)?.[1]
  const segments = playlist.split('\n').filter((line) => line.endsWith('.m4s'))
  const files = await Promise.all([init, ...segments].map((name) => variant(`stream/${name}`)))
  expect(files.map(({ response }) => response.status)).toEqual(files.map(() => 200))
  return { master, names, playlist, segments, bytes: Buffer.concat(files.map(({ bytes }) => bytes)), files }
}

const streamOf = (kind: string, file: Awaited<ReturnType<typeof decoded>>) =>
  file.streams.find(({ codec_type }) => codec_type === kind)

describe('a video', () => {
  it('in WebM gets an MP4, a stream with segments of two seconds and a poster', async () => {
    const film = await ready(
      await made('film.webm', [...PICTURE, ...SOUND, '-c:v', 'libvpx', '-c:a', 'libopus']),
      'video/webm',
    )
    const progressive = await film.variant('progressive')
    const file = await decoded(clips.folder, progressive.bytes)
    expect(progressive.response.headers.get('content-type')).toBe('video/mp4')
    expect(streamOf('video', file)).toMatchObject({
      codec_name: 'h264',
      pix_fmt: 'yuv420p',
      width: 320,
      height: 180,
    })
    expect(streamOf('audio', file)).toMatchObject({ codec_name: 'aac' })
    expect(progressive.bytes.indexOf('moov')).toBeLessThan(progressive.bytes.indexOf('mdat'))
    const { playlist, segments, bytes } = await stream(film)
    expect(segments).toHaveLength(2)
    expect(playlist).toContain('#EXT-X-PLAYLIST-TYPE:VOD')
    expect(Number((await decoded(clips.folder, bytes)).format.duration)).toBeCloseTo(3, 0)
    const poster = await film.variant('poster')
    expect(await sharp(poster.bytes).metadata()).toMatchObject({ format: 'jpeg', width: 320, height: 180 })
    expect(film.media.renditions).toEqual(
      expect.arrayContaining([
        {
          role: 'PROGRESSIVE',
          mimeType: 'video/mp4',
          byteSize: progressive.bytes.length,
          width: 320,
          height: 180,
        },
        {
          role: 'STREAM',
          mimeType: 'application/vnd.apple.mpegurl',
          byteSize: bytes.length,
          width: 320,
          height: 180,
        },
        { role: 'POSTER', mimeType: 'image/jpeg', byteSize: poster.bytes.length, width: 320, height: 180 },
      ]),
    )
  })

  it('that every phone plays is copied', async () => {
    const bytes = await made('plain.mp4', [...PICTURE, ...SOUND, ...H264, ...AAC, ...FAST_START])
    const film = await ready(bytes)
    const progressive = (await film.variant('progressive')).bytes
    const pictures = await picturesOf(clips.folder, bytes)
    expect(pictures.length).toBeGreaterThan(10)
    expect(await picturesOf(clips.folder, progressive)).toEqual(pictures)
    await decoded(clips.folder, (await stream(film)).bytes)
  })

  it.each([
    ['has more than 60 pictures per second', 240, '3.1'],
    ['has a level above 4.2', 30, '5.1'],
  ])('in H.264 that %s is transcoded for older phones', async (_name, rate, level) => {
    const source = ['-f', 'lavfi', '-i', `testsrc=size=320x180:rate=${rate}:duration=1`]
    const bytes = await made(`demanding-${rate}.mp4`, [...source, ...H264, '-level', level, ...FAST_START])
    const film = await ready(bytes)
    expect((await film.variant('stream/film.m3u8')).response.status).toBe(404)
    for (const rendition of [(await film.variant('progressive')).bytes, (await stream(film)).bytes]) {
      const pictures = streamOf('video', await decoded(clips.folder, rendition))
      expect(pictures?.level).toBeLessThanOrEqual(42)
      expect(rateOf(pictures?.avg_frame_rate ?? '')).toBeLessThanOrEqual(61.2)
    }
  })

  it('with distant keyframes is transcoded, so that playback starts early', async () => {
    const still = ['-f', 'lavfi', '-i', 'testsrc=size=160x90:rate=10:duration=14']
    const bytes = await made('far.mp4', [...still, ...H264, '-g', '999', '-sc_threshold', '0', ...FAST_START])
    const film = await ready(bytes)
    const { names, segments, playlist } = await stream(film)
    expect([names, segments.length]).toEqual([['160.m3u8'], 7])
    expect(playlist).toContain('#EXT-X-TARGETDURATION:2\n')
    expect((await film.variant('stream/film.m3u8')).response.status).toBe(404)
  })

  it('with its index at the end gets it at the beginning', async () => {
    const bytes = await made('slow-start.mp4', [...PICTURE, ...SOUND, ...H264, ...AAC])
    const { bytes: remuxed } = await (await ready(bytes)).variant('progressive')
    expect(remuxed.indexOf('moov')).toBeLessThan(remuxed.indexOf('mdat'))
    expect(Math.abs(remuxed.length - bytes.length)).toBeLessThan(4096)
  })

  it('that is rotated is shown upright', async () => {
    const bytes = await made('turned.mp4', [...PICTURE, ...H264])
    turn(bytes)
    const film = await ready(bytes)
    const upright = { width: 180, height: 320 }
    expect(
      streamOf('video', await decoded(clips.folder, (await film.variant('progressive')).bytes)),
    ).toMatchObject(upright)
    expect(streamOf('video', await decoded(clips.folder, (await stream(film)).bytes))).toMatchObject(upright)
    expect(await sharp((await film.variant('poster')).bytes).metadata()).toMatchObject(upright)
  })

  const KINDS: [string, string[], string][] = [
    [
      'of odd sizes and fine colours',
      words('-f lavfi -i testsrc=size=333x187:rate=10:duration=1 -c:v libx264 -pix_fmt yuv444p'),
      'odd.mp4',
    ],
    [
      'in HEVC',
      [...PICTURE, '-c:v', 'libx265', '-x265-params', 'log-level=error', '-pix_fmt', 'yuv420p10le'],
      'film.mov',
    ],
    [
      'in high dynamic range',
      [
        ...PICTURE,
        ...words(
          '-t 1 -c:v libx265 -x265-params log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc -pix_fmt yuv420p10le',
        ),
      ],
      'hdr.mp4',
    ],
    ['in VP9', [...PICTURE, '-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'], 'nine.webm'],
    [
      'of an old phone',
      [
        ...words('-f lavfi -i testsrc=size=176x144:rate=15:duration=2'),
        ...SOUND,
        ...words('-c:v h263 -ar 8000 -ac 1 -c:a libopencore_amrnb'),
      ],
      'old.3gp',
    ],
    [
      'with a varying frame rate',
      [...PICTURE, '-vf', "select='mod(n,3)'", '-vsync', 'vfr', '-c:v', 'mpeg4'],
      'varying.mp4',
    ],
    ['with a single picture', [...PICTURE, '-frames:v', '1', '-c:v', 'mpeg4'], 'single.mp4'],
    [
      'from a recorder in a browser',
      [...PICTURE, ...SOUND, '-c:v', 'libvpx', '-live', '1', '-c:a', 'libopus'],
      'live.webm',
    ],
  ]
  // By default, only the kinds that broke most often are tested. The catalogue has many more.
  const PLAYED = IS_BIG ? KINDS : KINDS.filter(([what]) => /dynamic|old phone|single|browser/.test(what))

  it.each(PLAYED)('%s plays', async (_name, args, fileName) => {
    const film = await ready(await made(fileName, args))
    const progressive = await decoded(clips.folder, (await film.variant('progressive')).bytes)
    expect(streamOf('video', progressive)).toMatchObject({ codec_name: 'h264', pix_fmt: 'yuv420p' })
    await decoded(clips.folder, (await stream(film)).bytes)
    expect((await film.variant('poster')).response.status).toBe(200)
  })
})

describe('sound', () => {
  const KINDS: [string, string[], string][] = [
    ['of a voice memo', ['-ar', '8000', '-ac', '1', '-c:a', 'libopencore_amrnb'], 'memo.amr'],
    ['in AAC', [...AAC], 'sound.m4a'],
    ['in WAV', [], 'sound.wav'],
    ['in bare AAC', [...AAC], 'bare.aac'],
    ['in Opus', ['-c:a', 'libopus'], 'sound.ogg'],
  ]

  it.each(IS_BIG ? KINDS : KINDS.slice(0, 3))(
    '%s becomes M4A and a stream, with a waveform as poster',
    async (_name, args, fileName) => {
      const sound = await ready(await made(fileName, [...SOUND, ...args]), 'audio/mp4')
      const { response, bytes } = await sound.variant('progressive')
      expect(response.headers.get('content-type')).toBe('audio/mp4')
      expect((await decoded(clips.folder, bytes)).streams).toEqual([
        expect.objectContaining({ codec_name: 'aac' }),
      ])
      // Some originals get a shared copy and some do not. The stated type and size must match what a friend gets.
      const delivered = await sound.variant('original')
      storage.playable.add(`${friend} ${sound.mediaId}`)
      const answer = await storage.ask(
        'query ($id: ID!) { media(id: $id) { mimeType byteSize } }',
        { id: sound.mediaId },
        friend,
      )
      expect(answer.media).toEqual({
        mimeType: delivered.response.headers.get('content-type'),
        byteSize: delivered.bytes.length,
      })
      const { master, files, bytes: streamed } = await stream(sound)
      expect(master).toContain('CODECS="mp4a.40.2"')
      expect(files[0]?.response.headers.get('content-type')).toBe('audio/mp4')
      await decoded(clips.folder, streamed)
      expect(await sharp((await sound.variant('poster')).bytes).metadata()).toMatchObject({
        width: 640,
        height: 240,
      })
    },
  )

  it('with a cover has it as poster', async () => {
    const cover = await clips.file('photo.png')
    const song = await made('song.flac', [
      ...SOUND,
      '-i',
      cover,
      ...words('-map 0:a -map 1:v -disposition:v attached_pic'),
    ])
    const { variant } = await ready(song, 'audio/flac')
    const { width = 0, height = 1 } = await sharp((await variant('poster')).bytes).metadata()
    expect(width / height).toBeCloseTo(64 / 36, 1)
  })
})

describe('the place of a recording', () => {
  it('is not in the shared copy, which keeps the rotation', async () => {
    const bytes = await made('turned-place.mp4', [...PICTURE, ...H264, ...PLACE])
    turn(bytes)
    const { variant } = await ready(bytes)
    const { bytes: theirs } = await variant('original')
    expect(/48\.8577|loci/.test(theirs.toString('latin1'))).toBe(false)
    expect(theirs.readInt32BE(theirs.indexOf('tkhd') + 48)).toBe(0x10000)
  })
})

describe('communication', () => {
  it('is notified of media immediately, and again of its renditions', async () => {
    const { mediaId } = await ready(await made('news.webm', [...PICTURE, '-c:v', 'libvpx']), 'video/webm')
    const messages = () => storage.registered.filter((message) => message.mediaId === mediaId)
    await eventually(async () => messages().some(({ hasProgressive }) => hasProgressive === true), 60_000)
    expect(messages()[0]).toMatchObject({ hasProgressive: false, hasStream: false, hasPoster: false })
    expect(messages().at(-1)).toMatchObject({ hasProgressive: true, hasStream: true, hasPoster: true })
  })
})

describe('the variants of media', () => {
  it('support private caching, Range and HEAD, and are refused without a token', async () => {
    const film = await ready(await made('served.webm', [...PICTURE, '-c:v', 'libvpx']), 'video/webm')
    const { segments, names } = await stream(film)
    const token = await storage.mediaToken({ sub: friend, owner, media: film.mediaId })
    const at = (name: string, init: RequestInit = {}, key = token) =>
      fetch(`${storage.address()}/v/${key}/${film.mediaId}/${name}`, init)
    const segment = await at(`stream/${segments[0]}`, { headers: { range: 'bytes=0-1' } })
    expect(segment.status).toBe(206)
    expect(await segment.arrayBuffer()).toHaveProperty('byteLength', 2)
    const [, maxAge] =
      /^private, max-age=(\d+), immutable$/.exec(segment.headers.get('cache-control') ?? '') ?? []
    // As long as the token is valid: `mediaToken` makes tokens for five minutes.
    expect(Number(maxAge)).toBeGreaterThan(240)
    expect(Number(maxAge)).toBeLessThanOrEqual(300)
    expect(segment.headers.get('content-type')).toBe('video/iso.segment')
    for (const name of ['stream/index.m3u8', `stream/${names[0]}`]) {
      const head = await at(name, { method: 'HEAD' })
      expect(head.headers.get('content-type')).toBe('application/vnd.apple.mpegurl')
      expect(Number(head.headers.get('content-length'))).toBeGreaterThan(50)
      const etag = head.headers.get('etag') ?? ''
      expect((await at(name, { headers: { 'if-none-match': etag } })).status).toBe(304)
    }
    const absent = [
      'stream/none.m3u8',
      'stream/none.m4s',
      'stream/../original',
      'stream/',
      'shared',
      'stream-film.m3u8',
    ]
    for (const name of absent) {
      expect([name, (await at(encodeURI(name))).status]).toEqual([name, name.includes('..') ? 200 : 404])
    }
    expect((await at(`stream/${segments[0]}`, {}, `${token}x`)).status).toBe(403)
  })
})

describe('media without any rendition', () => {
  it('is sent to its owner as it is, and not to other users', async () => {
    // A video whose beginning is valid enough to be accepted, but whose pictures cannot be decoded at all.
    const film = await made('broken.mp4', [
      ...PICTURE,
      ...words('-c:v libx265 -x265-params log-level=error'),
      ...FAST_START,
    ])
    const from = film.indexOf('mdat') + 4
    film.fill(0xff, from)
    const { mediaId } = await upload(storage, owner, film)
    expect(await settled(storage, owner, mediaId)).toMatchObject({ state: 'FAILED', processingPercent: null })
    const { bytes } = await get(storage, { ownerId: owner, viewerId: owner, mediaId }, 'original')
    expect(bytes.equals(film)).toBe(true)
    for (const name of ['original', 'stream/index.m3u8', 'progressive', 'poster']) {
      const { response } = await get(storage, { ownerId: owner, viewerId: friend, mediaId }, name)
      expect([name, response.status]).toEqual([name, 404])
    }
  })
})

describe('a video with a track that cannot be decoded', () => {
  const TWO_SOUNDS = [
    ...PICTURE,
    ...SOUND,
    ...H264,
    ...AAC,
    ...words('-map 0:v -map 1:a -map 1:a'),
    ...FAST_START,
  ]

  /** Changes the codec of the first sound to an unknown one. */
  function spoil(film: Buffer): Buffer {
    film.write('zzzz', film.indexOf('mp4a'), 'latin1')
    film.write('free', film.indexOf('esds'), 'latin1')
    return film
  }

  it('plays with the other sound', async () => {
    const film = await ready(spoil(await made('bad-first-sound.mp4', TWO_SOUNDS)))
    const progressive = await decoded(clips.folder, (await film.variant('progressive')).bytes)
    expect(progressive.streams.map(({ codec_type }) => codec_type)).toEqual(['video', 'audio'])
  })

  it('plays without sound if it has no other', async () => {
    const film = await ready(
      spoil(await made('bad-sound.mp4', [...PICTURE, ...SOUND, ...H264, ...AAC, ...FAST_START])),
    )
    const progressive = await decoded(clips.folder, (await film.variant('progressive')).bytes)
    expect(progressive.streams.map(({ codec_type }) => codec_type)).toEqual(['video'])
  })
})

describe('the beginning of a recording without any packets', () => {
  it('is refused with a reason for its owner', async () => {
    const fragmented = [...PICTURE, ...H264, ...words('-movflags +frag_keyframe+empty_moov')]
    const film = await made('fragmented.mp4', fragmented)
    const { session, mediaId } = await upload(storage, owner, film.subarray(0, film.indexOf('moof') - 4))
    const ended = session.state === 'COMPLETED' ? await settled(storage, owner, mediaId) : session
    expect(ended.state).toMatch(/FAILED|REJECTED/)
    expect(ended.failure.message).toContain('contains none of it')
  })
})

describe('media whose renditions are being made', () => {
  const LONG = [
    ...words(
      '-f lavfi -i testsrc=size=640x360:rate=30:duration=60 -c:v libvpx -deadline realtime -cpu-used 8 -b:v 2M',
    ),
  ]

  it('can be played while its stream grows, and is finished after a restart', async () => {
    const { mediaId } = await upload(storage, owner, await made('long.webm', LONG), 'video/webm')
    const ids = { ownerId: owner, viewerId: friend, mediaId }
    const playlist = await eventually(async () => {
      const { response, bytes } = await get(storage, ids, 'stream/640.m3u8')
      return response.status === 200 && bytes.toString()
    }, 60_000)
    expect(playlist).toContain('#EXT-X-PLAYLIST-TYPE:EVENT')
    const first = playlist.match(/^.+\.m4s$/m)?.[0]
    expect((await get(storage, ids, `stream/${first}`)).response.status).toBe(200)
    expect((await get(storage, ids, 'progressive')).response.headers.get('retry-after')).toBe('1')
    const percent = await eventually(
      async () => (await mediaOf(storage, owner, mediaId)).processingPercent,
      60_000,
    )
    expect(percent).toBeGreaterThan(0)
    expect(percent).toBeLessThan(100)
    expect((await mediaOf(storage, owner, mediaId)).state).toBe('PROCESSING')
    await storage.restart()
    expect(await settled(storage, owner, mediaId)).toMatchObject({ state: 'READY' })
    const { bytes } = await get(storage, ids, 'stream/640.m3u8')
    expect(bytes.toString().match(/\.m4s/g)).toHaveLength(30)
  }, 240_000)

  it('can be deleted and leaves no files', async () => {
    const { mediaId } = await upload(storage, owner, await made('gone.webm', LONG), 'video/webm')
    await eventually(async () => (await storage.registered.length) > 0, 60_000)
    const remove = 'mutation ($id: ID!) { deleteMedia(input: { mediaId: $id }) { __typename } }'
    await storage.ask(remove, { id: mediaId }, owner)
    const objects = path.join(storage.folder, 'objects', mediaId.slice(-4, -2), mediaId.slice(-2))
    await eventually(async () => (await readdir(path.join(storage.folder, 'rendering'))).length === 0, 60_000)
    await eventually(async () => (await readdir(objects).catch(() => [])).length === 0, 60_000)
  }, 240_000)
})
