import type { FileHandle } from 'node:fs/promises'
import type { Report } from './ffprobe.ts'
import { gifWithoutMetadata } from './gif-without-metadata.ts'
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
  if (mimeType === 'image/png') return !(await isAllForShowing(handle, PNG))
  if (mimeType === 'image/webp') return !(await isAllForShowing(handle, WEBP))
  if (mimeType === 'image/gif') return gifTellsMore(handle)
  return start.includes('Exif') || start.includes('mime')
}

/** The names that JPEG's application segments 1 to 15 may have and still say nothing but how to show the picture. */
export function isForShowing(marker: number, body: Buffer): boolean {
  if (marker === 0xe2) return body.toString('latin1', 0, 11) === 'ICC_PROFILE'
  return marker === 0xe0 || marker === 0xee
}

/** The chunks of a PNG (third edition, §11) that say what to show and how. */
export const PNG_FOR_SHOWING =
  /^(IHDR|PLTE|IDAT|IEND|tRNS|gAMA|cHRM|sRGB|iCCP|cICP|sBIT|bKGD|pHYs|acTL|fcTL|fdAT)$/

/** The chunks of a WebP (container specification) that say what to show and how. */
export const WEBP_FOR_SHOWING = /^(VP8 |VP8L|VP8X|ALPH|ANIM|ANMF|ICCP)$/

// A file of chunks, each of which has a name and a length: where the first one is, where these stand in its head of
// eight bytes, and how much it takes in all. Cameras and editors write what they tell at the end as well.
const PNG = {
  first: 8,
  kept: PNG_FOR_SHOWING,
  type: (head: Buffer) => head.toString('latin1', 4),
  taken: (head: Buffer) => head.readUInt32BE(0) + 12,
}
const WEBP = {
  first: 12,
  kept: WEBP_FOR_SHOWING,
  type: (head: Buffer) => head.toString('latin1', 0, 4),
  taken: (head: Buffer) => 8 + Math.ceil(head.readUInt32LE(4) / 2) * 2,
}

async function isAllForShowing(
  handle: FileHandle,
  { first, kept, type, taken }: typeof PNG,
): Promise<boolean> {
  const { size } = await handle.stat()
  const head = Buffer.alloc(8)
  let at = first
  while (at + head.length <= size) {
    await handle.read(head, 0, head.length, at)
    if (!kept.test(type(head))) return false
    at += taken(head)
  }
  return at === size
}

async function gifTellsMore(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat()
  const bytes = Buffer.alloc(size)
  await handle.read(bytes, 0, size, 0)
  return gifWithoutMetadata(bytes)?.equals(bytes) !== true
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
