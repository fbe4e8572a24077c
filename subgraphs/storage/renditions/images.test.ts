import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { newId } from '../../../platform/ids.ts'
import { HEIC_PHOTO, openClips } from '../../../testing/storage/clips.ts'
import { get, settled, upload } from '../../../testing/storage/renditions.ts'
import { startTestStorage, type TestStorage } from '../../../testing/storage/storage.ts'

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

async function shown(bytes: Buffer, mimeType: string) {
  const { mediaId } = await upload(storage, owner, bytes, mimeType)
  const media = await settled(storage, owner, mediaId)
  expect(media).toMatchObject({ state: 'READY', failure: null })
  const variant = async (name: string, viewerId = friend) => {
    const { response, bytes } = await get(storage, { ownerId: owner, viewerId, mediaId }, name)
    const [type, disposition] = ['content-type', 'content-disposition'].map((header) =>
      response.headers.get(header),
    )
    return { type, disposition, bytes }
  }
  return { media, variant }
}

/** The average colours of a picture's upper and lower halves. */
async function halves(bytes: Buffer) {
  const { width = 0, height = 0 } = await sharp(bytes).metadata()
  const half = { left: 0, width, height: Math.floor(height / 2) }
  const means = [0, Math.ceil(height / 2)].map(async (top) => {
    const { channels } = await sharp(
      await sharp(bytes)
        .extract({ ...half, top })
        .toBuffer(),
    ).stats()
    return channels.map(({ mean }) => mean)
  })
  return Promise.all(means)
}

const near = (colour: number[]) => colour.map((value) => expect.closeTo(value, -1.5))

describe('an image', () => {
  it('gets upright renditions in two sizes without metadata', async () => {
    const photo = await sharp({ create: { width: 2000, height: 1000, channels: 3, background: '#336699' } })
      .withMetadata({ orientation: 6, exif: { IFD0: { Make: 'Camera' } } })
      .jpeg()
      .toBuffer()
    const { variant, media } = await shown(photo, 'image/jpeg')
    const sizes = [
      { name: 'progressive', width: 640, height: 1280 },
      { name: 'poster', width: 160, height: 320 },
    ]
    for (const { name, ...size } of sizes) {
      const { bytes, type } = await variant(name)
      expect(type).toBe('image/jpeg')
      expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', ...size })
      expect(bytes.includes('Exif')).toBe(false)
    }
    expect(media.renditions.map(({ role }: { role: string }) => role).sort()).toEqual([
      'POSTER',
      'PROGRESSIVE',
    ])
  })

  it.each([
    ['that contains nothing but its picture', 'image/png', false],
    ['with metadata', 'image/jpeg', true],
  ])(
    '%s has for others the type and size of the file that they get',
    async (_what, mimeType, hasMetadata) => {
      const image = sharp({ create: { width: 1400, height: 900, channels: 3, background: '#336699' } })
      const bytes = await (hasMetadata
        ? image
            .withMetadata({ exif: { IFD0: { Make: 'Camera' } } })
            .jpeg()
            .toBuffer()
        : image.png().toBuffer())
      const { media, variant } = await shown(bytes, mimeType)
      const query = `{ mediaByIds(ids: ["${media.id}"]) { mimeType byteSize } }`
      const { mediaByIds } = await storage.internal(query, {}, 'blog')
      const got = await variant('original')
      expect(got.bytes.equals(bytes)).toBe(!hasMetadata)
      expect(mediaByIds).toEqual([{ mimeType: got.type, byteSize: got.bytes.length }])
    },
  )

  it.each(['progressive', 'poster', 'original'])(
    'in HEIC is shown to other users as an upright JPEG without metadata: %s',
    async (name) => {
      const photo = await readFile(HEIC_PHOTO)
      const { variant, media } = await shown(photo, 'image/heic')
      expect(media.renditions).toHaveLength(2)
      const { bytes, type, disposition } = await variant(name)
      expect([type, disposition]).toEqual(['image/jpeg', expect.stringContaining('.jpg')])
      const { exif, icc, ...metadata } = await sharp(bytes).metadata()
      expect(metadata).toMatchObject({ format: 'jpeg', width: 96, height: 160 })
      expect(bytes.includes('Camera')).toBe(false)
      expect(exif).toBeUndefined()
      // Red and blue as they look in sRGB, not the numbers that Display P3 stores.
      expect(await halves(bytes)).toEqual([near([224, 24, 24]), near([24, 48, 224])])
      expect((await variant('original', owner)).bytes.equals(photo)).toBe(true)
    },
  )

  it('in AVIF with metadata is sent to other users as a JPEG without metadata', async () => {
    const photo = await sharp({ create: { width: 64, height: 40, channels: 3, background: '#336699' } })
      .withExif({ IFD0: { Make: 'Camera' } })
      .avif()
      .toBuffer()
    const { variant } = await shown(photo, 'image/avif')
    const { bytes, type } = await variant('original')
    expect(type).toBe('image/jpeg')
    expect(bytes.includes('Camera')).toBe(false)
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 64, height: 40 })
  })

  it.each(['avis', 'msf1'])('of the brand %s is accepted', async (brand) => {
    const photo = await sharp({ create: { width: 64, height: 40, channels: 3, background: '#336699' } })
      .avif()
      .toBuffer()
    photo.write(brand, 8, 'latin1')
    const { variant } = await shown(photo, 'image/avif')
    expect(await sharp((await variant('progressive')).bytes).metadata()).toMatchObject({
      width: 64,
      height: 40,
    })
  })

  it.each(['gif', 'webp'] as const)(
    'that is animated stays animated except on its poster: %s',
    async (format) => {
      const pictures = await Promise.all(
        ['#ff0000', '#00ff00', '#0000ff'].map((background) =>
          sharp({ create: { width: 1600, height: 800, channels: 3, background } })
            .png()
            .toBuffer(),
        ),
      )
      const bytes = await sharp(pictures, { join: { animated: true } })
        .toFormat(format, { delay: [100, 200, 300], loop: 0 })
        .toBuffer()
      const { variant, media } = await shown(bytes, `image/${format}`)
      const moving = await variant('progressive')
      expect(moving.type).toBe('image/webp')
      expect(await sharp(moving.bytes).metadata()).toMatchObject({
        format: 'webp',
        pages: 3,
        width: 1280,
        height: 640,
        delay: [100, 200, 300],
        loop: 0,
      })
      expect(media.renditions).toContainEqual(
        expect.objectContaining({ role: 'PROGRESSIVE', mimeType: 'image/webp', width: 1280, height: 640 }),
      )
      const still = await variant('poster')
      expect(await sharp(still.bytes).metadata()).toMatchObject({ format: 'jpeg', width: 320, height: 160 })
      expect((await variant('original')).bytes.equals(bytes)).toBe(true)
    },
  )

  it('with more pictures than the pixel limit allows shows the first ones', async () => {
    const pictures = await Promise.all(
      ['#000000', '#333333', '#666666', '#999999', '#cccccc', '#ffffff'].map((background) =>
        sharp({ create: { width: 4000, height: 4000, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    )
    const bytes = await sharp(pictures, { join: { animated: true }, limitInputPixels: false })
      .gif({ effort: 1, delay: Array(6).fill(100) })
      .toBuffer()
    const { variant } = await shown(bytes, 'image/gif')
    expect(await sharp((await variant('progressive')).bytes).metadata()).toMatchObject({
      width: 1280,
      pages: 4,
    })
  })

  it('that states too many pixels is rejected without decoding', async () => {
    const photo = await readFile(HEIC_PHOTO)
    // ISO/IEC 23008-12 §6.5.3: the width and height follow the box's name, version and flags.
    photo.writeUInt32BE(40_000, photo.indexOf('ispe') + 8)
    photo.writeUInt32BE(40_000, photo.indexOf('ispe') + 12)
    const { session } = await upload(storage, owner, photo, 'image/heic')
    expect(session).toMatchObject({
      state: 'REJECTED',
      failure: { code: 'UNSUPPORTED_MEDIA', message: expect.stringContaining('too many pixels') },
    })
  })
})
