import sharp from 'sharp'
import { imageWithoutMetadata } from './image-without-metadata.ts'

const WITH_PLACE = {
  exif: {
    IFD0: { Make: 'Camera', Orientation: '6' },
    IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 51/1 0/1' },
  },
}
const picture = () => sharp({ create: { width: 60, height: 40, channels: 3, background: '#4080c0' } })

describe('an image without metadata', () => {
  it.each(['jpeg', 'png', 'webp'] as const)('of type %s has the same pixels and no place', async (format) => {
    const bytes = await picture()
      .withMetadata({ exif: WITH_PLACE.exif, orientation: 6 })
      .toFormat(format)
      .toBuffer()
    expect((await sharp(bytes).metadata()).exif?.includes('Camera')).toBe(true)
    const stripped = imageWithoutMetadata(bytes, `image/${format}`)
    if (!stripped) throw new Error('nothing is left')
    expect(stripped.includes('Camera')).toBe(false)
    const { exif, xmp, width } = await sharp(stripped).metadata()
    expect({ xmp, width }).toEqual({ xmp: undefined, width: 60 })
    expect(exif?.includes('GPS') ?? false).toBe(false)
    const pixels = (image: Buffer) => sharp(image).raw().toBuffer()
    expect((await pixels(stripped)).equals(await pixels(bytes))).toBe(true)
  })

  it('still is the right way up', async () => {
    const bytes = await picture().withMetadata({ orientation: 6 }).jpeg().toBuffer()
    const stripped = imageWithoutMetadata(bytes, 'image/jpeg')
    expect((await sharp(stripped ?? Buffer.alloc(0)).metadata()).orientation).toBe(6)
  })

  it('ends where the picture ends', async () => {
    const bytes = Buffer.concat([await picture().jpeg().toBuffer(), Buffer.from('a film beside the picture')])
    expect(imageWithoutMetadata(bytes, 'image/jpeg')?.includes('a film')).toBe(false)
  })

  it('of type GIF moves as before, without comments and what follows its end', async () => {
    const pictures = await Promise.all([picture(), picture().negate()].map((each) => each.png().toBuffer()))
    const bytes = await sharp(pictures, { join: { animated: true } })
      .gif({ delay: [100, 200], loop: 3 })
      .toBuffer()
    // GIF89a §24: a comment, here after the header and before all else.
    const [from, comment] = [
      bytes.indexOf(Buffer.from([0x21])),
      Buffer.from('\x21\xfe\x06Camera\0', 'latin1'),
    ]
    const told = Buffer.concat([bytes.subarray(0, from), comment, bytes.subarray(from), Buffer.from('more')])
    expect((await sharp(told).metadata()).pages).toBe(2)
    expect(imageWithoutMetadata(told, 'image/gif')?.equals(bytes)).toBe(true)
  })

  it.each(['image/heic', 'image/avif'])('of type %s can not be made', (type) => {
    expect(imageWithoutMetadata(Buffer.from('anything'), type)).toBeNull()
  })

  it.each(['image/jpeg', 'image/png', 'image/webp', 'image/gif'])(
    'of type %s is not made of a broken file',
    (type) => {
      expect(imageWithoutMetadata(Buffer.alloc(10, 0xff), type)).toBeNull()
    },
  )
})
