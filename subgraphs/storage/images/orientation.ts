import { chunksOf } from './chunks.ts'
import { jpegSegments } from './jpeg-segments.ts'

const APP1 = 0xe1
const EXIF = 'Exif\0\0'

/**
 * How to turn or mirror an image before it is shown, as an Exif number: 1 means not at all, 5 to 8 swap width and
 * height. Returns 1 for HEIF, which has separate properties for this, and for animations, which are shown as they are.
 */
export function orientationOf(bytes: Buffer, mimeType: string): number {
  return exifOf(bytes, mimeType).map(tiffOrientation).find(Boolean) ?? 1
}

function exifOf(bytes: Buffer, mimeType: string): Buffer[] {
  if (mimeType === 'image/jpeg') {
    return (jpegSegments(bytes) ?? []).flatMap(({ marker, body }) => (marker === APP1 ? exifBody(body) : []))
  }
  const chunks = chunksOf(bytes, mimeType) ?? []
  if (chunks.some(({ type }) => type === 'acTL' || type === 'ANIM')) return []
  return chunks.flatMap(({ type, body }) =>
    // Some programs write the `Exif` prefix of JPEG in other formats too.
    type === 'eXIf' || type === 'EXIF' ? (isExif(body) ? exifBody(body) : [body]) : [],
  )
}

function isExif(body: Buffer): boolean {
  return body.toString('latin1', 0, EXIF.length) === EXIF
}

function exifBody(body: Buffer): Buffer[] {
  return isExif(body) ? [body.subarray(EXIF.length)] : []
}

/**
 * Reads the orientation from Exif (version 2.3 §4.6): a TIFF header, then the first directory with tag 0x0112.
 *
 * @returns null if there is no orientation
 */
function tiffOrientation(tiff: Buffer): number | null {
  if (tiff.length < 8) return null
  const isLittle = tiff.toString('latin1', 0, 2) === 'II'
  const u16 = (at: number) =>
    at + 2 > tiff.length ? 0 : isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at)
  const directory = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4)
  for (let entry = 0; entry < Math.min(u16(directory), 200); entry++) {
    const at = directory + 2 + entry * 12
    const value = u16(at + 8)
    if (u16(at) === 0x0112 && value >= 1 && value <= 8) return value
  }
  return null
}
