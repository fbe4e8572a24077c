import { randomBytes } from 'node:crypto'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import { imageFormat } from './image-signature.ts'
import { imageTellsMore } from './private-metadata.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'moblog-metadata-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

async function tellsMore(bytes: Buffer): Promise<boolean> {
  const file = path.join(folder, 'image')
  await writeFile(file, bytes)
  const handle = await open(file, 'r')
  try {
    const format = imageFormat(bytes)
    if (!format) throw new Error('this is no image')
    // As little of its beginning as a large photograph's is of that.
    return await imageTellsMore(handle, bytes.subarray(0, 256), format)
  } finally {
    await handle.close()
  }
}

// Noise does not compress, so that there is much between the beginning and the end.
const picture = () => sharp(randomBytes(200 * 200 * 3), { raw: { width: 200, height: 200, channels: 3 } })
const animated = async () =>
  sharp(await Promise.all([picture(), picture()].map((each) => each.png().toBuffer())), {
    join: { animated: true },
  })

/** A chunk of a PNG before its end, where cameras may write Exif as well. */
function withChunkAtEnd(png: Buffer, type: string): Buffer {
  const content = Buffer.from(`${type}Camera`, 'latin1')
  const chunk = Buffer.alloc(content.length + 8)
  chunk.writeUInt32BE(content.length - 4, 0)
  content.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(content), content.length + 4)
  return Buffer.concat([png.subarray(0, -12), chunk, png.subarray(-12)])
}

describe('an image tells more than it shows', () => {
  it.each<[string, () => Promise<Buffer>, boolean]>([
    ['not as a plain PNG', () => picture().png().toBuffer(), false],
    ['not as a PNG with a colour profile', () => picture().withIccProfile('p3').png().toBuffer(), false],
    [
      'as a PNG with Exif',
      () =>
        picture()
          .withExif({ IFD0: { Make: 'Camera' } })
          .png()
          .toBuffer(),
      true,
    ],
    [
      'as a PNG with Exif at its end',
      async () => withChunkAtEnd(await picture().png().toBuffer(), 'eXIf'),
      true,
    ],
    [
      'as a PNG with text at its end',
      async () => withChunkAtEnd(await picture().png().toBuffer(), 'tEXt'),
      true,
    ],
    ['not as a plain WebP', () => picture().webp().toBuffer(), false],
    ['not as an animated WebP', async () => (await animated()).webp().toBuffer(), false],
    [
      'as a WebP with Exif',
      () =>
        picture()
          .withExif({ IFD0: { Make: 'Camera' } })
          .webp()
          .toBuffer(),
      true,
    ],
    [
      'as a WebP that does not announce its Exif',
      async () => {
        const bytes = await picture()
          .withExif({ IFD0: { Make: 'Camera' } })
          .webp()
          .toBuffer()
        bytes.writeUInt8((bytes[20] ?? 0) & ~0x08, 20)
        return bytes
      },
      true,
    ],
    ['not as a GIF that moves', async () => (await animated()).gif().toBuffer(), false],
  ])('%s', async (_what, make, expected) => {
    expect(await tellsMore(await make())).toBe(expected)
  })

  it.each(['jpeg', 'png', 'webp', 'gif'] as const)(
    'as a %s that is something else as well',
    async (format) => {
      const image = await picture().toFormat(format).toBuffer()
      expect(
        await tellsMore(Buffer.concat([image, Buffer.from('<html><script>alert(1)</script></html>')])),
      ).toBe(true)
    },
  )
})
