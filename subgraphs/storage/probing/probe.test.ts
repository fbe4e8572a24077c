import { mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { eventually } from '../../../testing/eventually.ts'
import { type ClipName, makeClip, openClips, toolForTests } from '../../../testing/storage/clips.ts'
import { openTestSandbox } from '../../../testing/storage/sandbox.ts'
import type { Prober } from './ffprobe.ts'
import { probe } from './probe.ts'

let clips: Awaited<ReturnType<typeof openClips>>
let prober: Prober

beforeAll(async () => {
  clips = await openClips()
  const workFolder = path.join(clips.folder, 'work')
  await mkdir(workFolder)
  const sandbox = await openTestSandbox(clips.folder)
  prober = { command: await toolForTests('ffprobe'), sandbox, workFolder, timeoutMs: 10_000 }
})

afterAll(() => clips.remove())

const film = { kind: 'VIDEO', width: 64, height: 36 }
const sound = { kind: 'AUDIO', width: null, height: null }
const picture = { kind: 'IMAGE', width: 64, height: 36, durationSeconds: null }

const TABLE: [ClipName, object][] = [
  ['film.mp4', { ...film, mimeType: 'video/mp4', isProgressive: true }],
  ['silent.mp4', { ...film, mimeType: 'video/mp4', isProgressive: true, durationSeconds: 1 }],
  ['wide-pixels.mp4', { ...film, width: 128 }],
  ['film.mov', { ...film, mimeType: 'video/quicktime', isProgressive: false }],
  ['film.webm', { ...film, mimeType: 'video/webm', isProgressive: false }],
  ['live.webm', { ...film, mimeType: 'video/webm', durationSeconds: expect.closeTo(1, 0) }],
  ['film.mkv', { ...film, mimeType: 'video/x-matroska', isProgressive: false }],
  // Its second video track is the default one.
  ['two-tracks.mkv', { ...film, mimeType: 'video/x-matroska' }],
  ['subtitled.mp4', { ...film, mimeType: 'video/mp4' }],
  ['subtitled.mkv', { ...film, mimeType: 'video/x-matroska' }],
  ['sound.mp3', { ...sound, mimeType: 'audio/mpeg', isProgressive: true }],
  ['sound.m4a', { ...sound, mimeType: 'audio/mp4', isProgressive: true }],
  ['sound.ogg', { ...sound, mimeType: 'audio/ogg', isProgressive: false }],
  ['sound.wav', { ...sound, mimeType: 'audio/wav', durationSeconds: 1 }],
  ['sound.flac', { ...sound, mimeType: 'audio/flac' }],
  ['sound.amr', { ...sound, mimeType: 'audio/amr', durationSeconds: expect.closeTo(1, 0) }],
  ['photo.jpg', { ...picture, mimeType: 'image/jpeg', isProgressive: true }],
  ['photo.png', { ...picture, mimeType: 'image/png', isProgressive: true }],
  ['photo.webp', { ...picture, mimeType: 'image/webp', isProgressive: false }],
  ['moving.gif', { ...picture, mimeType: 'image/gif', isProgressive: false }],
]

describe('probing a supported file', () => {
  it.each(TABLE)('detects the format of %s regardless of its name', async (name, expected) => {
    const nameless = path.join(clips.folder, `upload-of-${TABLE.findIndex(([other]) => other === name)}`)
    await writeFile(nameless, await clips.bytes(name))
    expect(await probe(prober, nameless)).toEqual({ description: expect.objectContaining(expected) })
  })

  it.each(['late.webm', 'late.mkv', 'late.ogg'])(
    'measures the duration of %s, whose timestamps begin late',
    async (name) => {
      const isSound = name.endsWith('ogg')
      const file = path.join(clips.folder, name)
      const source = isSound
        ? 'sine=duration=2 -c:a libopus'
        : 'testsrc=size=64x36:rate=10:duration=2 -c:v libvpx'
      await makeClip(['-f', 'lavfi', '-i', ...source.split(' '), '-output_ts_offset', '50000'], file)
      const probed = await probe(prober, file)
      expect(probed).toMatchObject({ description: { durationSeconds: expect.closeTo(2, 0) } })
    },
  )

  it('reports the displayed size of a rotated video', async () => {
    const bytes = await clips.bytes('silent.mp4')
    // ISO/IEC 14496-12 §8.3.2: the matrix of the track header, 40 bytes after its box's name.
    const matrix = [0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000]
    matrix.forEach((value, index) => {
      bytes.writeInt32BE(value, bytes.indexOf('tkhd') + 44 + index * 4)
    })
    const file = path.join(clips.folder, 'turned')
    await writeFile(file, bytes)
    expect(await probe(prober, file)).toEqual({
      description: expect.objectContaining({ width: 36, height: 64 }),
    })
  })

  it('reads the size and rotation of a HEIC photo without decoding it', async () => {
    const box = (type: string, ...parts: Buffer[]) => {
      const body = Buffer.concat(parts)
      const head = Buffer.alloc(8)
      head.writeUInt32BE(body.length + 8)
      head.write(type, 4, 'latin1')
      return Buffer.concat([head, body])
    }
    const ispe = (width: number, height: number) => {
      const body = Buffer.alloc(12)
      body.writeUInt32BE(width, 4)
      body.writeUInt32BE(height, 8)
      return box('ispe', body)
    }
    const properties = box('ipco', ispe(512, 512), ispe(4032, 3024), box('irot', Buffer.from([1])))
    const file = path.join(clips.folder, 'heic')
    await writeFile(
      file,
      Buffer.concat([
        box('ftyp', Buffer.from('mif1\0\0\0\0mif1heic')),
        box('meta', Buffer.alloc(4), box('iprp', properties)),
      ]),
    )
    expect(await probe(prober, file)).toEqual({
      description: {
        kind: 'IMAGE',
        mimeType: 'image/heic',
        durationSeconds: null,
        width: 3024,
        height: 4032,
        isProgressive: false,
      },
    })
  })
})

describe('probing an unsupported file', () => {
  const secret = () => path.join(clips.folder, 'film.mp4')
  const fakeFtyp = Buffer.concat([
    Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isommp42'),
    Buffer.from('<html></html>'),
  ])

  it.each<[string, () => string | Buffer, RegExp]>([
    ['an empty file', () => '', /empty/],
    ['plain text', () => 'not a film at all\n'.repeat(50), /No supported audio/],
    ['HTML', () => '<!doctype html><script>alert(1)</script>', /page/],
    ['an HLS playlist', () => `#EXTM3U\n#EXTINF:1,\n${secret()}\n#EXT-X-ENDLIST\n`, /playlist/],
    [
      'an HLS playlist by protocol',
      () => `#EXTM3U\n#EXTINF:1,\nfile:${secret()}\n#EXT-X-ENDLIST\n`,
      /playlist/,
    ],
    ['an ffconcat list', () => `ffconcat version 1.0\nfile '${secret()}'\n`, /playlist/],
    ['a DASH manifest', () => `<?xml version="1.0"?><MPD><BaseURL>${secret()}</BaseURL></MPD>`, /page/],
    ['a fake MP4', () => fakeFtyp, /No supported audio/],
    [
      'a fake JPEG',
      () => Buffer.from([0xff, 0xd8, 0xff, 0xe0, ...Buffer.from('<html>not an image</html>')]),
      /jpeg/,
    ],
    [
      'random bytes',
      () => Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251)),
      /No supported audio/,
    ],
  ])('rejects %s with the file name of a video', async (_name, contents, reason) => {
    await clips.file('film.mp4')
    const file = path.join(clips.folder, 'crafted.mp4')
    await writeFile(file, contents())
    expect(await probe(prober, file)).toEqual({ rejection: expect.stringMatching(reason) })
  })

  it('rejects an unsupported image format', async () => {
    expect(await probe(prober, await clips.file('picture.bmp'))).toHaveProperty('rejection')
  })

  it('rejects a video with too many pixels and states the limit', async () => {
    expect(await probe(prober, await clips.file('huge.mp4'))).toEqual({
      rejection: expect.stringMatching(/8320 x 4608 pixels; at most 37748736 pixels/),
    })
  })

  it('rejects a file that takes too long and removes its work folder', async () => {
    const slow = { ...prober, timeoutMs: 1 }
    // If this process itself stands still, the file may be read before the time is looked at.
    const film = await clips.file('film.mp4')
    await eventually(async () => expect(await probe(slow, film)).toHaveProperty('rejection'))
    expect(await readdir(prober.workFolder)).toEqual([])
  })

  it('throws if ffprobe is missing, because the file is not at fault', async () => {
    const missing = { ...prober, command: '/nowhere/ffprobe' }
    await expect(probe(missing, await clips.file('film.mp4'))).rejects.toThrow()
  })
})
