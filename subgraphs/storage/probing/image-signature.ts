/** The accepted image formats and how ffprobe reads each. HEIF has no such demuxer and is parsed in `heif.ts`. */
export type ImageFormat = {
  mimeType: 'image/jpeg' | 'image/png' | 'image/webp' | 'image/gif' | 'image/heic' | 'image/avif'
  /** The only demuxer that may open the file; null for the HEIF family. */
  demuxer: 'jpeg_pipe' | 'png_pipe' | 'webp_pipe' | 'gif' | null
}

// Includes the brands of image sequences, which also contain a still picture.
const HEIC_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx']
const AVIF_BRANDS = ['avif', 'avis']

/** The number of bytes at a file's start that identify an image, including its list of compatible brands. */
export const SIGNATURE_BYTES = 256

/**
 * Recognises an image by its first bytes. File names and announced types never decide how a file is read.
 *
 * @param start the first `SIGNATURE_BYTES` of the file
 * @returns null if it is not an accepted image
 */
export function imageFormat(start: Buffer): ImageFormat | null {
  const ascii = (from: number, to: number) => start.toString('latin1', from, to)
  if (start.length < 12) return null
  if (start.readUIntBE(0, 3) === 0xffd8ff) return { mimeType: 'image/jpeg', demuxer: 'jpeg_pipe' }
  if (ascii(0, 8) === '\x89PNG\r\n\x1a\n') return { mimeType: 'image/png', demuxer: 'png_pipe' }
  if (/^GIF8[79]a/.test(ascii(0, 6))) return { mimeType: 'image/gif', demuxer: 'gif' }
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP')
    return { mimeType: 'image/webp', demuxer: 'webp_pipe' }
  if (ascii(4, 8) !== 'ftyp') return null
  const brands = ascii(8, Math.min(start.readUInt32BE(0), start.length)).match(/.{4}/gs) ?? []
  // The major brand is not enough: phones write `mif1` or `msf1`, and list `heic` among the compatible brands.
  if (!['mif1', 'msf1', ...HEIC_BRANDS, ...AVIF_BRANDS].includes(brands[0] ?? '')) return null
  if (brands.some((brand) => AVIF_BRANDS.includes(brand))) return { mimeType: 'image/avif', demuxer: null }
  if (brands.some((brand) => HEIC_BRANDS.includes(brand))) return { mimeType: 'image/heic', demuxer: null }
  return null
}
