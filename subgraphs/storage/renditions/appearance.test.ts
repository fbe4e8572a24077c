import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { thumbHashToApproximateAspectRatio, thumbHashToAverageRGBA } from 'thumbhash'
import { newId } from '../../../platform/ids.ts'
import { HEIC_PHOTO, makeClip, openClips } from '../../../testing/storage/clips.ts'
import { get, settled, upload } from '../../../testing/storage/renditions.ts'
import { startTestStorage, type TestStorage } from '../../../testing/storage/storage.ts'
import { readPeaks } from './waveform.ts'

const LOOK = 'query ($id: ID!) { media(id: $id) { placeholder dominantColor waveform } }'
const USED = `query ($id: ID!) { _entities(representations: [{ __typename: "User", id: $id }]) {
  ... on User { storageUsage { usedBytes } } } }`
const friend = newId()
let owner: string
let storage: TestStorage
let clips: Awaited<ReturnType<typeof openClips>>

beforeAll(async () => {
  ;[clips, storage] = await Promise.all([openClips(), startTestStorage({ STORAGE_WORKERS: '1' })])
})
beforeEach(() => {
  owner = newId()
})
afterAll(async () => {
  await storage.stop()
  await clips.remove()
})

async function ready(bytes: Buffer, mimeType: string): Promise<string> {
  const { mediaId } = await upload(storage, owner, bytes, mimeType)
  expect(await settled(storage, owner, mediaId)).toMatchObject({ state: 'READY' })
  return mediaId
}
const lookOf = async (id: string) => (await storage.ask(LOOK, { id }, owner)).media
const image = (mediaId: string, width: number, viewerId = friend) =>
  get(storage, { ownerId: owner, viewerId, mediaId }, `image/${width}`)
const sizeOf = async (bytes: Buffer) => {
  const { width, height } = await sharp(bytes).metadata()
  return [width, height]
}

function photoOf(width: number, height: number, background = '#336699') {
  return sharp({ create: { width, height, channels: 3, background } })
    .withExif({ IFD0: { Make: 'Camera' }, IFD3: { GPSLatitude: '52/1 30/1 0/1' } })
    .jpeg()
    .toBuffer()
}

describe('an image', () => {
  it('is delivered in the size that a place needs, without metadata', async () => {
    const mediaId = await ready(await photoOf(3000, 2000), 'image/jpeg')
    const sizes = {
      1: [320, 213],
      320: [320, 213],
      321: [640, 427],
      1000: [1280, 853],
      1281: [2048, 1365],
      9999: [2048, 1365],
    }
    for (const [width, size] of Object.entries(sizes)) {
      for (const viewer of [friend, owner]) {
        const { response, bytes } = await image(mediaId, Number(width), viewer)
        expect(response.headers.get('content-type')).toBe('image/jpeg')
        expect(await sizeOf(bytes)).toEqual(size)
        const { exif, xmp, iptc } = await sharp(bytes).metadata()
        expect([exif, xmp, iptc]).toEqual([undefined, undefined, undefined])
        expect(bytes.includes('Camera')).toBe(false)
      }
    }
  })

  it('of a narrow shape is chosen by its width', async () => {
    const mediaId = await ready(await photoOf(1500, 3000), 'image/jpeg')
    expect(await sizeOf((await image(mediaId, 640)).bytes)).toEqual([640, 1280])
    expect(await sizeOf((await image(mediaId, 641)).bytes)).toEqual([1024, 2048])
  })

  it('that is small is never enlarged', async () => {
    const mediaId = await ready(await photoOf(500, 400), 'image/jpeg')
    expect(await sizeOf((await image(mediaId, 2048)).bytes)).toEqual([500, 400])
    expect(await sizeOf((await image(mediaId, 320)).bytes)).toEqual([320, 256])
  })

  it('that is animated has a still in the smallest size only', async () => {
    const mediaId = await ready(await clips.bytes('moving.gif'), 'image/gif')
    expect((await image(mediaId, 64)).response.headers.get('content-type')).toBe('image/jpeg')
  })

  it('counts all sizes towards the quota of its owner', async () => {
    const photo = await photoOf(3000, 2000)
    const mediaId = await ready(photo, 'image/jpeg')
    const sizes = await Promise.all(
      ['original', 'poster', 'image/640', 'progressive', 'image/2048'].map(
        async (name) =>
          (await get(storage, { ownerId: owner, viewerId: friend, mediaId }, name)).bytes.length,
      ),
    )
    const total = sizes.reduce((sum, size) => sum + size, photo.length)
    expect((await storage.ask(USED, { id: owner }, owner))._entities[0].storageUsage.usedBytes).toBe(total)
  })

  it('has a placeholder of its shape and colours', async () => {
    const mediaId = await ready(await photoOf(1200, 600, '#c81e32'), 'image/jpeg')
    const { placeholder, dominantColor, waveform } = await lookOf(mediaId)
    const hash = Buffer.from(placeholder, 'base64')
    expect(hash.length).toBeLessThan(35)
    expect(thumbHashToApproximateAspectRatio(hash)).toBeCloseTo(2, 0)
    const { r, g, b } = thumbHashToAverageRGBA(hash)
    for (const [value, expected] of [
      [r, 0xc8],
      [g, 0x1e],
      [b, 0x32],
    ] as const) {
      expect(Math.abs(value * 255 - expected)).toBeLessThan(12)
    }
    expect(near(dominantColor, '#c81e32')).toBe(true)
    expect(waveform).toBeNull()
  })

  it('in HEIC is turned and has the colours that it shows in sRGB', async () => {
    const mediaId = await ready(await readFile(HEIC_PHOTO), 'image/heic')
    const { placeholder, dominantColor } = await lookOf(mediaId)
    expect(thumbHashToApproximateAspectRatio(Buffer.from(placeholder, 'base64'))).toBeLessThan(1)
    expect(near(dominantColor, '#e01818') || near(dominantColor, '#1830e0')).toBe(true)
  })
})

describe('a recording', () => {
  it('has the placeholder of its poster, which is its image in every size', async () => {
    const mediaId = await ready(await clips.bytes('film.mp4'), 'video/mp4')
    const { placeholder, dominantColor, waveform } = await lookOf(mediaId)
    expect(thumbHashToApproximateAspectRatio(Buffer.from(placeholder, 'base64'))).toBeGreaterThan(1)
    expect(dominantColor).toMatch(/^#[0-9a-f]{6}$/)
    expect(waveform).toBeNull()
    const { bytes } = await image(mediaId, 2048)
    expect(
      bytes.equals((await get(storage, { ownerId: owner, viewerId: friend, mediaId }, 'poster')).bytes),
    ).toBe(true)
  })

  it.each([
    ['that begins with black has a poster from further on', 4, true],
    ['that is black throughout has a black poster', 10, false],
  ])('%s', async (_name, blackSeconds, isRed) => {
    const file = `${clips.folder}/black-${blackSeconds}.mp4`
    const box = `drawbox=color=red:t=fill:enable='gte(t,${blackSeconds})'`
    const source = ['-f', 'lavfi', '-i', `color=black:size=160x90:rate=10:duration=10,format=rgb24,${box}`]
    await makeClip([...source, '-c:v', 'libx264', '-pix_fmt', 'yuv420p'], file)
    const mediaId = await ready(await readFile(file), 'video/mp4')
    const { channels } = await sharp((await image(mediaId, 2048)).bytes).stats()
    const [red = 0, green = 0, blue = 0] = channels.map(({ mean }) => mean)
    expect([red > 200, green < 40, blue < 40]).toEqual([isRed, true, true])
  })

  it.each(['sound.m4a', 'sound.ogg', 'sound.webm', 'sound.mp3', 'sound.wav'] as const)(
    'of sound has its peaks, and a poster with its waveform: %s',
    async (name) => {
      const type =
        { m4a: 'audio/mp4', ogg: 'audio/ogg', webm: 'audio/webm', mp3: 'audio/mpeg', wav: 'audio/wav' }[
          name.slice(6)
        ] ?? ''
      const mediaId = await ready(await clips.bytes(name), type)
      const { waveform, placeholder } = await lookOf(mediaId)
      expect(waveform.length).toBeGreaterThan(150)
      expect(waveform.length).toBeLessThanOrEqual(200)
      // ffmpeg's sine has an amplitude of an eighth.
      const middle = waveform.slice(20, -20)
      expect(Math.min(...middle)).toBeGreaterThan(24)
      expect(Math.max(...middle)).toBeLessThan(42)
      expect(placeholder).not.toBeNull()
      const [red] = (await sharp((await image(mediaId, 640)).bytes).stats()).channels
      expect([red && red.min < 120, red && red.max > 220]).toEqual([true, true])
    },
  )

  it('shows in its peaks where it is loud', async () => {
    const file = `${clips.folder}/steps.wav`
    const steps = 'aevalsrc=exprs=if(lt(t\\,2)\\,0\\,if(lt(t\\,4)\\,0.25\\,1))*sin(2*PI*220*t):d=6:s=44100'
    await makeClip(['-f', 'lavfi', '-i', steps], file)
    const { waveform } = await lookOf(await ready(await readFile(file), 'audio/wav'))
    const at = (second: number) => waveform[Math.floor((second / 6) * waveform.length)]
    expect(at(1)).toBeLessThan(4)
    expect(Math.abs(at(3) - 64)).toBeLessThan(8)
    expect(at(5)).toBeGreaterThan(240)
  })
})

describe('the report of peaks', () => {
  const line = (level: string) => `frame:0 pts:0 pts_time:0\nlavfi.astats.Overall.Peak_level=${level}\n`

  it('is read in decibels; silence and nonsense are 0', () => {
    const report = ['0.000000', '-6.0000', '-inf', 'nan', '12'].map(line).join('')
    expect([...(readPeaks(report) ?? [])]).toEqual([255, 128, 0, 0, 255])
  })

  it('has at most 200 peaks, and null stands for none', () => {
    expect(readPeaks(line('-1').repeat(300))).toHaveLength(200)
    expect(readPeaks('')).toBeNull()
  })
})

function near(one: string, other: string): boolean {
  const channels = (colour: string) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
  const [a, b] = [channels(one), channels(other)]
  return a.every((value, index) => Math.abs(value - (b[index] ?? 0)) < 12)
}
