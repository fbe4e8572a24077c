import { allowedGif } from './allowed-gif.ts'
import { allowedJpeg } from './allowed-jpeg.ts'
import { allowedPng } from './allowed-png.ts'
import { allowedWebp } from './allowed-webp.ts'

/**
 * The same picture, not decoded, built of nothing but what showing it needs: its pixels, its orientation and its
 * colours. Whatever else is in the file, known or not, is left out.
 *
 * @returns null where this can't be done with the file as it is: it then has to be encoded anew
 */
export async function allowedImage(bytes: Buffer, mimeType: string): Promise<Buffer | null> {
  if (mimeType === 'image/jpeg') return allowedJpeg(bytes)
  if (mimeType === 'image/png') return allowedPng(bytes)
  if (mimeType === 'image/webp') return allowedWebp(bytes)
  if (mimeType === 'image/gif') return allowedGif(bytes)
  return null
}
