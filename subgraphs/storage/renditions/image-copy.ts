import sharp from 'sharp'
import { allowedImage } from '../images/allowed-image.ts'
import { pngColours, withChunks } from '../images/allowed-png.ts'
import { chunksOf } from '../images/chunks.ts'

/** An image that contains only what showing it needs. */
export type ImageCopy = { bytes: Buffer; mimeType: 'image/jpeg' | 'image/png' | 'image/webp' | 'image/gif' }

/**
 * Copies an image without anything but its picture. If the file cannot be taken apart safely, the picture is decoded
 * and encoded again, without loss if the original is lossless. Call this only in a separate, sandboxed process.
 *
 * @returns null if the image can only become a JPEG
 */
export async function copyImage(
  bytes: Buffer,
  mimeType: string,
  maxPixels: number,
): Promise<ImageCopy | null> {
  const allowed = await allowedImage(bytes, mimeType)
  if (allowed && (await decodesWithoutComplaint(allowed, maxPixels))) {
    return { bytes: allowed, mimeType: mimeType as ImageCopy['mimeType'] }
  }
  try {
    if (mimeType === 'image/png') return await encodePng(bytes, maxPixels)
    if (mimeType === 'image/webp' || mimeType === 'image/gif')
      return await encodeWebp(bytes, mimeType, maxPixels)
  } catch {
    // The JPEG will show the parts that can still be decoded.
  }
  return null
}

// Decoders warn about bytes that are not part of the picture, but would show it anyway.
async function decodesWithoutComplaint(bytes: Buffer, maxPixels: number): Promise<boolean> {
  const options = { failOn: 'warning', limitInputPixels: maxPixels } as const
  try {
    await sharp(bytes, options).resize({ width: 64, height: 64, fit: 'inside' }).raw().toBuffer()
    return true
  } catch {
    return false
  }
}

async function encodePng(bytes: Buffer, maxPixels: number): Promise<ImageCopy | null> {
  const colours = pngColours(bytes)
  if (!colours) return null
  // The pixel values stay the same, and so do the chunks that define their colours.
  const options = { failOn: 'none', limitInputPixels: maxPixels, ignoreIcc: true } as const
  const picture = sharp(bytes, options).rotate()
  const { depth, channels = 3 } = await sharp(bytes, options).metadata()
  if (depth === 'ushort') picture.toColourspace(channels < 3 ? 'grey16' : 'rgb16')
  else if (channels < 3) picture.toColourspace('b-w')
  const png = await picture.png({ compressionLevel: 6 }).toBuffer()
  const pure = await allowedImage(png, 'image/png')
  return pure && { bytes: withChunks(pure, colours), mimeType: 'image/png' }
}

async function encodeWebp(bytes: Buffer, mimeType: string, maxPixels: number): Promise<ImageCopy | null> {
  const types = (chunksOf(bytes, 'image/webp') ?? []).map(({ type }) => type)
  const isAnimated = mimeType === 'image/gif' || types.includes('ANIM')
  const isLossless = mimeType === 'image/gif' || types.includes('VP8L')
  const options = { failOn: 'none', limitInputPixels: maxPixels, animated: isAnimated } as const
  const picture = sharp(bytes, options)
  if (!isAnimated) picture.rotate()
  const webp = await picture.webp({ quality: 95, lossless: isLossless }).toBuffer()
  const pure = await allowedImage(webp, 'image/webp')
  return pure && { bytes: pure, mimeType: 'image/webp' }
}
