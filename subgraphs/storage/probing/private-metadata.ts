import type { FileHandle } from 'node:fs/promises'
import type { Report } from './ffprobe.ts'
import type { ImageFormat } from './image-signature.ts'

// `location` is what ffprobe calls ©xyz and loci; Apple's, Matroska's and Vorbis' names contain one of the words too.
const TELLING_TAG = /location|gps|geo|xyz|coordinate|latitude|longitude/i

/**
 * Whether a recording tells more than it shows: where it was recorded, or a track of measurements that cameras write
 * beside the picture (position, motion, faces).
 */
export function recordingTellsMore({ format, streams }: Report): boolean {
  const tags = [format?.tags, ...streams.map((stream) => stream.tags)]
  return (
    tags.some((some) => Object.keys(some ?? {}).some((tag) => TELLING_TAG.test(tag))) ||
    streams.some(({ codec_type }) => codec_type === 'data' || codec_type === 'attachment')
  )
}

/** Whether an image tells more than it shows: Exif, XMP or IPTC, or something after its end. */
export async function imageTellsMore(
  handle: FileHandle,
  start: Buffer,
  { mimeType }: ImageFormat,
): Promise<boolean> {
  if (mimeType === 'image/jpeg') return jpegTellsMore(start) || !(await endsWithJpegEnd(handle))
  if (mimeType === 'image/png') return /eXIf|iTXt|tEXt|zTXt/.test(start.toString('latin1'))
  if (mimeType === 'image/gif') return start.includes('XMP DataXMP')
  // In VP8X (WebP container specification): bit 3 for Exif, bit 2 for XMP. A plain VP8 or VP8L file has neither.
  if (mimeType === 'image/webp')
    return start.toString('latin1', 12, 16) === 'VP8X' && ((start[20] ?? 0) & 0x0c) !== 0
  return start.includes('Exif') || start.includes('mime')
}

/** The names that JPEG's application segments 1 to 15 may have and still say nothing but how to show the picture. */
export function isForShowing(marker: number, body: Buffer): boolean {
  if (marker === 0xe2) return body.toString('latin1', 0, 11) === 'ICC_PROFILE'
  return marker === 0xe0 || marker === 0xee
}

function jpegTellsMore(start: Buffer): boolean {
  for (let at = 2; at + 4 <= start.length; at += 2 + start.readUInt16BE(at + 2)) {
    const marker = start[at + 1] ?? 0
    if (start[at] !== 0xff || marker === 0xda) return false
    if (marker >= 0xe0 && marker <= 0xef && !isForShowing(marker, start.subarray(at + 4))) return true
  }
  // More before the picture than cameras write.
  return true
}

async function endsWithJpegEnd(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat()
  const end = Buffer.alloc(2)
  await handle.read(end, 0, 2, Math.max(0, size - 2))
  return end.readUInt16BE(0) === 0xffd9
}
