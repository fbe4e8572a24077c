import { randomBytes } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { copyImage } from '../renditions/image-copy.ts'
import { allowedImage } from './allowed-image.ts'
import { allowedPng, withChunks } from './allowed-png.ts'
import { riffChunk } from './chunks.ts'
import { countScans } from './jpeg-segments.ts'

const MARKER = 'HiddenMarker'
const MAX_PIXELS = 1_000_000
type Format = 'jpeg' | 'png' | 'webp' | 'gif'
const FORMATS: Format[] = ['jpeg', 'png', 'webp', 'gif']

// Noise does not compress, so there are many bytes between the beginning and the end.
const noise = () => sharp(randomBytes(60 * 40 * 3), { raw: { width: 60, height: 40, channels: 3 } })
const frames = async () => Promise.all([noise(), noise()].map((picture) => picture.png().toBuffer()))
const moving = async () => sharp(await frames(), { join: { animated: true } })
const ascii = (text: string) => Buffer.from(text, 'latin1')
const between = (bytes: Buffer, at: number, added: Buffer) =>
  Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at)])
const jpegSegment = (marker: number, body: Buffer) =>
  Buffer.concat([Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 0xff]), body])

/** Decodes the pixels that are shown. */
async function pixels(bytes: Buffer) {
  const { data, info } = await sharp(bytes, { animated: true })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { data: data.toString('base64'), width: info.width, height: info.height }
}

const jpeg = () => noise().jpeg().toBuffer()
const png = () => noise().png().toBuffer()
const webp = () => noise().webp({ lossless: true }).toBuffer()
const gif = async () => (await moving()).gif({ delay: [100, 200], loop: 3 }).toBuffer()
const riff = (webpBytes: Buffer, chunk: Buffer) => {
  const file = Buffer.concat([webpBytes, chunk])
  file.writeUInt32LE(file.length - 8, 4)
  return file
}
const afterStart = async (marker: number, text: string) =>
  between(await jpeg(), 2, jpegSegment(marker, ascii(text)))
const pngWith = async (type: string, body: Buffer) => withChunks(await png(), [{ type, body }])
const extended = async (format: Format) =>
  noise()
    .withExif({ IFD0: { Make: MARKER, Copyright: MARKER }, IFD3: { GPSLatitudeRef: 'N' } })
    .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>${MARKER}</a></x:xmpmeta>`)
    .toFormat(format, format === 'webp' ? { lossless: true } : {})
    .toBuffer()

const HIDING_PLACES: [string, Format, () => Promise<Buffer>][] = [
  ...FORMATS.map((format): [string, Format, () => Promise<Buffer>] => [
    'bytes after the end',
    format,
    async () => Buffer.concat([await { jpeg, png, webp, gif }[format](), ascii(MARKER)]),
  ]),
  ['Exif and XMP', 'jpeg', () => extended('jpeg')],
  ['Exif and XMP', 'png', () => extended('png')],
  ['Exif and XMP', 'webp', () => extended('webp')],
  ['a comment', 'jpeg', () => afterStart(0xfe, MARKER)],
  ...Array.from({ length: 16 }, (_, index): [string, Format, () => Promise<Buffer>] => [
    `application segment ${index}`,
    'jpeg',
    () => afterStart(0xe0 + index, `Own\0${MARKER}`),
  ]),
  ['a thumbnail of JFIF', 'jpeg', () => afterStart(0xe0, `JFIF\0\x01\x02\0\0\x01\0\x01\x02\x02${MARKER}`)],
  ['bytes after Adobe’s numbers', 'jpeg', () => afterStart(0xee, `Adobe\0d\0\0\0\0\x01${MARKER}`)],
  ['a thumbnail of JFXX', 'jpeg', () => afterStart(0xe0, `JFXX\0\x10${MARKER}`)],
  ['JUMBF', 'jpeg', () => afterStart(0xeb, `JP\0\x01\0\0\0\x01jumb${MARKER}`)],
  ['a list of pictures', 'jpeg', () => afterStart(0xe2, `MPF\0${MARKER}`)],
  ['IPTC of a photo', 'jpeg', () => afterStart(0xed, `Photoshop 3.0\x008BIM\x04\x04${MARKER}`)],
  [
    'Exif behind fill bytes',
    'jpeg',
    async () => between(await afterStart(0xe1, `Exif\0\0${MARKER}`), 2, Buffer.alloc(7, 0xff)),
  ],
  ['a quantization table that is too long', 'jpeg', () => afterStart(0xdb, `\x03${'x'.repeat(64)}${MARKER}`)],
  ['an unknown segment', 'jpeg', () => afterStart(0xf3, MARKER)],
  [
    'a second picture after the first',
    'jpeg',
    async () => Buffer.concat([await jpeg(), await afterStart(0xfe, MARKER)]),
  ],
  ...['tEXt', 'eXIf', 'tIME', 'sPLT', 'hIST', 'juMb', 'caBX', 'prVt', 'dSIG'].map(
    (type): [string, Format, () => Promise<Buffer>] => [
      type,
      'png',
      () => pngWith(type, ascii(`Title\0${MARKER}`)),
    ],
  ),
  ['zTXt', 'png', () => pngWith('zTXt', Buffer.concat([ascii('Title\0\0'), deflateSync(ascii(MARKER))]))],
  ['iTXt', 'png', () => pngWith('iTXt', Buffer.concat([ascii('T\0\x01\0\0\0'), deflateSync(ascii(MARKER))]))],
  ['a physical size that is too long', 'png', () => pngWith('pHYs', ascii(`123456789${MARKER}`))],
  [
    'data after the compressed picture',
    'png',
    async () => {
      const bytes = await png()
      const at = bytes.indexOf('IEND') - 4
      // A second chunk of compressed data, which decoders ignore.
      const extra = await pngWith('IDAT', ascii(MARKER))
      return between(bytes, at, extra.subarray(33, 33 + MARKER.length + 12))
    },
  ],
  ['the name of the colour profile', 'png', async () => profiled(MARKER)],
  [
    'an unknown chunk',
    'webp',
    async () => riff(await webp(), riffChunk({ type: 'OWN ', body: ascii(MARKER) })),
  ],
  [
    'XMP at the end',
    'webp',
    async () => riff(await webp(), riffChunk({ type: 'XMP ', body: ascii(MARKER) })),
  ],
  ['a comment', 'gif', async () => gifBlock(ascii(`\x21\xfe\x0c${MARKER}\0`))],
  ['an application block', 'gif', async () => gifBlock(ascii(`\x21\xff\x0bXMP DataXMP\x0c${MARKER}\0`))],
  ['a plain text block', 'gif', async () => gifBlock(ascii(`\x21\x01\x0c${'\0'.repeat(12)}\x0c${MARKER}\0`))],
  [
    'bytes after the number of repetitions',
    'gif',
    async () => gifBlock(ascii(`\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\x0c${MARKER}\0`)),
  ],
]

async function gifBlock(block: Buffer) {
  const bytes = await gif()
  // The position after the header and the colour table.
  return between(bytes, 13 + 3 * 2 ** (((bytes[10] ?? 0) & 7) + 1), block)
}

async function profiled(name: string) {
  const { icc } = await sharp(await noise().withIccProfile('p3').png().toBuffer()).metadata()
  return pngWith('iCCP', Buffer.concat([ascii(`${name}\0\0`), deflateSync(icc ?? Buffer.alloc(0))]))
}

describe('the shared copy of an image', () => {
  it.each(HIDING_PLACES)('removes %s (%s) and keeps the pixels', async (_place, format, make) => {
    const bytes = await make()
    const copied = await copyImage(bytes, `image/${format}`, MAX_PIXELS)
    // If there is no copy, a JPEG is encoded from the decoded picture, as for any other image.
    if (!copied) return expect(format).toBe('jpeg')
    expect(copied.bytes.includes(MARKER)).toBe(false)
    expect(copied.bytes.includes(deflateSync(ascii(MARKER)).subarray(2, -4))).toBe(false)
    expect(await pixels(copied.bytes)).toEqual(await pixels(bytes))
  })

  it.each(FORMATS)('is the original if that holds only its picture: %s', async (format) => {
    const bytes = await { jpeg, png, webp, gif }[format]()
    expect((await allowedImage(bytes, `image/${format}`))?.equals(bytes)).toBe(true)
  })

  it.each(['jpeg', 'png', 'webp'] as const)(
    'keeps the Display P3 colours of a %s without the texts of the profile',
    async (format) => {
      const bytes = await noise().withIccProfile('p3').toFormat(format).toBuffer()
      const { icc } = await sharp(bytes).metadata()
      const copied = await copyImage(bytes, `image/${format}`, MAX_PIXELS)
      const kept = (await sharp(copied?.bytes).metadata()).icc
      expect(kept && icc && !kept.equals(icc)).toBe(true)
      expect(kept?.includes('Copyright')).toBe(false)
      // Decoding converts to sRGB with the profile.
      expect(await pixels(copied?.bytes ?? bytes)).toEqual(await pixels(bytes))
    },
  )

  it.each(
    (['jpeg', 'png', 'webp'] as const).flatMap((format) =>
      Array.from({ length: 8 }, (_, index) => ({ format, orientation: index + 1 })),
    ),
  )('is upright: $format with orientation $orientation', async ({ format, orientation }) => {
    const bytes = await noise()
      .withMetadata({ orientation })
      .toFormat(format, format === 'webp' ? { lossless: true } : {})
      .toBuffer()
    const upright = (image: Buffer) => sharp(image).rotate().png().toBuffer().then(pixels)
    const copied = await copyImage(bytes, `image/${format}`, MAX_PIXELS)
    expect(await upright(copied?.bytes ?? Buffer.alloc(0))).toEqual(await upright(bytes))
    // Some programs do not turn a PNG or WebP, so the copy is already turned.
    const { width, height } = await sharp(copied?.bytes).metadata()
    expect([width, height]).toEqual(format !== 'jpeg' && orientation >= 5 ? [40, 60] : [60, 40])
  })

  it.each(['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/heic'])(
    'is not made of a broken file of type %s',
    async (type) => {
      expect(await allowedImage(Buffer.alloc(10, 0xff), type)).toBeNull()
    },
  )
})

describe('counting the scans of a JPEG', () => {
  it('finds all scans without decoding', async () => {
    const bytes = await noise().jpeg({ progressive: true }).toBuffer()
    expect(countScans(bytes)).toBe(10)
    const scan = bytes.subarray(bytes.indexOf(Buffer.from([0xff, 0xda])), -2)
    expect(countScans(Buffer.concat([bytes.subarray(0, -2), scan, scan, bytes.subarray(-2)]))).toBe(30)
  })

  it('finds at least as many scans if the segments are broken', async () => {
    const bytes = await noise().jpeg({ progressive: true }).toBuffer()
    expect(countScans(between(bytes, 2, Buffer.from([0])))).toBeGreaterThanOrEqual(10)
  })
})

describe('an animated PNG', () => {
  /** A picture with animation chunks for `count` pictures of 1000 x 1000 pixels, each compressed as `data`. */
  const animated = async (count: number, data: Buffer) => {
    const control = Buffer.alloc(26)
    control.writeUInt32BE(1000, 4)
    control.writeUInt32BE(1000, 8)
    const sequence = Buffer.alloc(4)
    const picture = [
      { type: 'fcTL', body: control },
      { type: 'fdAT', body: Buffer.concat([sequence, data]) },
    ]
    const start = { type: 'acTL', body: Buffer.alloc(8) }
    return withChunks(await png(), [start, ...Array.from({ length: count }, () => picture).flat()])
  }
  // Rows of 1000 pixels in three bytes each, as in the main picture, after one byte for the filter.
  const whole = deflateSync(Buffer.alloc(1000 * 3001))

  it('keeps its animation', async () => {
    expect((await allowedPng(await animated(3, whole)))?.includes('fcTL')).toBe(true)
  })

  it('becomes a still picture if all its pictures together are too large', async () => {
    const bytes = await animated(501, whole)
    const copy = await allowedPng(bytes)
    expect(copy?.includes('fcTL')).toBe(false)
    expect(copy && (await pixels(copy))).toEqual(await pixels(withoutAnimation(bytes)))
  })

  /** The file without the bytes between its header and its main picture. */
  function withoutAnimation(bytes: Buffer): Buffer {
    return Buffer.concat([bytes.subarray(0, 33), bytes.subarray(bytes.indexOf('IDAT') - 4)])
  }
})
