import { createRequire } from 'node:module'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { z } from 'zod'
import { heifColourProfile } from '../probing/heif.ts'

type Decoded = { data: Uint8ClampedArray; width: number; height: number }

/** A picture in a HEIF file as decoded by libheif, which applies the properties that turn or crop it. */
type HeifImage = {
  get_width(): number
  get_height(): number
  is_primary(): boolean
  display(into: Decoded, done: (decoded: Decoded | null) => void): void
}

const decoderModule = z.custom<{ HeifDecoder: new () => { decode(bytes: Uint8Array): HeifImage[] } }>(
  (value) => typeof (value as { HeifDecoder?: unknown } | null)?.HeifDecoder === 'function',
)

/**
 * Decodes the primary picture of a HEIC photo, which sharp cannot do, into a PNG with the photo's colour profile. The
 * PNG is upright and has no metadata. Call this only in a separate, sandboxed process.
 *
 * @param longSide the maximum length of the longest side, in pixels
 * @throws Error if the file has no picture, or one with too many pixels
 */
export async function decodeHeic(bytes: Buffer, maxPixels: number, longSide: number): Promise<Buffer> {
  const { HeifDecoder } = decoderModule.parse(createRequire(import.meta.url)('libheif-js/wasm-bundle'))
  const images = new HeifDecoder().decode(bytes)
  const image = images.find((candidate) => candidate.is_primary()) ?? images[0]
  if (!image) throw new Error('the file contains no picture')
  const [width, height] = [image.get_width(), image.get_height()]
  if (width * height > maxPixels)
    throw new Error(`the picture has ${width} x ${height} pixels; the limit is ${maxPixels} pixels`)
  const into = { data: new Uint8ClampedArray(width * height * 4), width, height }
  const decoded = await new Promise<Decoded | null>((resolve) => image.display(into, resolve))
  if (!decoded) throw new Error('the picture cannot be decoded')
  const png = await sharp(decoded.data, { raw: { width, height, channels: 4 } })
    .resize({ width: longSide, height: longSide, fit: 'inside', withoutEnlargement: true })
    .png({ compressionLevel: 1 })
    .toBuffer()
  const profile = heifColourProfile(bytes)
  return profile ? withColourProfile(png, profile) : png
}

// PNG, third edition, §5.6 and §11.3.2.3: the profile's chunk follows the first chunk, IHDR, of 25 bytes.
function withColourProfile(png: Buffer, profile: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from('iCCPphotograph\0\0', 'latin1'), deflateSync(profile)])
  const chunk = Buffer.alloc(content.length + 8)
  chunk.writeUInt32BE(content.length - 4, 0)
  content.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(content), content.length + 4)
  return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)])
}
