import { gifWithoutMetadata } from '../probing/gif-without-metadata.ts'
import { isForShowing, PNG_FOR_SHOWING, WEBP_FOR_SHOWING } from '../probing/private-metadata.ts'

/**
 * The same picture, not decoded, without what its camera wrote beside it: Exif (but for the orientation), XMP, IPTC,
 * comments, and whatever follows its end.
 *
 * @returns null for a format that this can't be done with
 */
export function imageWithoutMetadata(bytes: Buffer, mimeType: string): Buffer | null {
  if (mimeType === 'image/jpeg') return jpeg(bytes)
  if (mimeType === 'image/png') return png(bytes)
  if (mimeType === 'image/webp') return webp(bytes)
  if (mimeType === 'image/gif') return gifWithoutMetadata(bytes)
  return null
}

// ITU-T T.81 §B.1.1.3: SOI, then segments, each of which says how long it is, then the entropy-coded picture.
function jpeg(bytes: Buffer): Buffer | null {
  const kept: Buffer[] = [bytes.subarray(0, 2)]
  let orientation = 1
  let at = 2
  for (; ; at += 2 + bytes.readUInt16BE(at + 2)) {
    if (at + 4 > bytes.length || bytes[at] !== 0xff) return null
    const marker = bytes[at + 1] ?? 0
    const segment = bytes.subarray(at, at + 2 + bytes.readUInt16BE(at + 2))
    if (marker === 0xda) break
    const isApplication = marker >= 0xe0 && marker <= 0xef
    if (marker === 0xe1) orientation = exifOrientation(segment.subarray(4)) ?? orientation
    if (marker !== 0xfe && (!isApplication || isForShowing(marker, segment.subarray(4)))) kept.push(segment)
  }
  if (orientation !== 1) kept.splice(1, 0, orientationSegment(orientation))
  kept.push(bytes.subarray(at, endOfJpeg(bytes, at)))
  return Buffer.concat(kept)
}

// Between the first scan and EOI there are only scans, tables and restarts; the first EOI ends the picture.
function endOfJpeg(bytes: Buffer, from: number): number {
  const end = bytes.indexOf(Buffer.from([0xff, 0xd9]), from)
  return end < 0 ? bytes.length : end + 2
}

// Exif 2.3 §4.6: a TIFF header, then the first directory, where tag 0x0112 is the orientation.
function exifOrientation(body: Buffer): number | null {
  if (body.toString('latin1', 0, 6) !== 'Exif\0\0' || body.length < 16) return null
  const tiff = body.subarray(6)
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

function orientationSegment(orientation: number): Buffer {
  const entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]
  const tiff = [...Buffer.from('MM'), 0, 42, 0, 0, 0, 8, 0, 1, ...entry, 0, 0, 0, 0]
  const body = [...Buffer.from('Exif\0\0', 'latin1'), ...tiff]
  return Buffer.from([0xff, 0xe1, 0, body.length + 2, ...body])
}

function png(bytes: Buffer): Buffer | null {
  const kept: Buffer[] = [bytes.subarray(0, 8)]
  for (let at = 8; at + 12 <= bytes.length; ) {
    const type = bytes.toString('latin1', at + 4, at + 8)
    const end = at + 12 + bytes.readUInt32BE(at)
    if (end > bytes.length) return null
    if (PNG_FOR_SHOWING.test(type)) kept.push(bytes.subarray(at, end))
    if (type === 'IEND') return Buffer.concat(kept)
    at = end
  }
  return null
}

function webp(bytes: Buffer): Buffer | null {
  const kept: Buffer[] = []
  for (let at = 12; at + 8 <= bytes.length; ) {
    const type = bytes.toString('latin1', at, at + 4)
    const size = bytes.readUInt32LE(at + 4)
    const end = at + 8 + size + (size % 2)
    const chunk = Buffer.from(bytes.subarray(at, end))
    // The flags must no longer announce what is left out.
    if (type === 'VP8X' && chunk.length > 8) chunk.writeUInt8((chunk[8] ?? 0) & ~0x0c, 8)
    if (WEBP_FOR_SHOWING.test(type)) kept.push(chunk)
    at = end
  }
  if (kept.length === 0) return null
  const body = Buffer.concat(kept)
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1')
  head.writeUInt32LE(body.length + 4, 4)
  return Buffer.concat([head, body])
}
