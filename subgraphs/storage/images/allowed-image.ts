import { allowedGif } from './allowed-gif.ts'
import { allowedJpeg } from './allowed-jpeg.ts'
import { allowedPng } from './allowed-png.ts'
import { allowedWebp } from './allowed-webp.ts'

/**
 * Copies a picture without decoding. The copy contains only what is needed to show it: pixels, orientation and colours.
 * Everything else in the file is left out, whether known or not.
 *
 * @returns null if the file cannot be copied this way; it must then be decoded and encoded again
 */
export async function allowedImage(bytes: Buffer, mimeType: string): Promise<Buffer | null> {
  if (mimeType === 'image/jpeg') return allowedJpeg(bytes)
  if (mimeType === 'image/png') return allowedPng(bytes)
  if (mimeType === 'image/webp') return allowedWebp(bytes)
  if (mimeType === 'image/gif') return allowedGif(bytes)
  return null
}
