import type { FileHandle } from 'node:fs/promises'
import { countScans } from '../images/jpeg-segments.ts'
import { orientationOf } from '../images/orientation.ts'
import type { Description } from './description.ts'
import { askFfprobe, type Prober } from './ffprobe.ts'
import { heifDimensions } from './heif.ts'
import type { ImageFormat } from './image-signature.ts'

/**
 * Photos have more pixels than videos: phones take up to 50 million. A decoded photo stays far below the memory limit.
 */
export const MAX_IMAGE_PIXELS = 67_108_864

/**
 * Encoders write progressive JPEGs in 10 to 64 scans. Each scan costs a pass over the whole picture, however short it
 * is.
 */
const MAX_SCANS = 100

// Where cameras put the `meta` box, with room for Exif and the tables of an image with many tiles.
const START_BYTES = 1024 * 1024

/**
 * Describes an image whose format is known. The first picture is decoded with a fixed demuxer, so a file that only
 * begins like an image is refused. If there is no demuxer for the format, only its header is read.
 *
 * @returns null if the file is not such an image, has too many pixels, or is a JPEG with more than `MAX_SCANS` scans
 */
export async function describeImage(
  prober: Prober,
  file: string,
  handle: FileHandle,
  format: ImageFormat,
): Promise<Description | null> {
  const content = await readAll(handle)
  if (format.mimeType === 'image/jpeg' && countScans(content) > MAX_SCANS) return null
  const start = content.subarray(0, START_BYTES)
  const size =
    animatedWebpSize(start, format) ??
    (format.demuxer ? await decodedSize(prober, file, format.demuxer) : heifDimensions(start))
  if (!size || size.width * size.height > MAX_IMAGE_PIXELS) return null
  const isProgressive = format.mimeType === 'image/jpeg' || format.mimeType === 'image/png'
  return {
    kind: 'IMAGE',
    mimeType: format.mimeType,
    durationSeconds: null,
    ...turned(size, orientationOf(content, format.mimeType)),
    isProgressive,
  }
}

async function decodedSize(prober: Prober, file: string, demuxer: string) {
  const openable = { formats: demuxer, maxPixels: MAX_IMAGE_PIXELS, demuxer }
  const frame = (await askFfprobe(prober, file, openable, true))?.frames[0]
  return frame?.width && frame.height ? { width: frame.width, height: frame.height } : null
}

// Exif 2.3: orientations 5 to 8 swap width and height.
function turned({ width, height }: { width: number; height: number }, orientation: number) {
  return orientation >= 5 ? { width: height, height: width } : { width, height }
}

async function readAll(handle: FileHandle): Promise<Buffer> {
  return startOf(handle, (await handle.stat()).size)
}

/**
 * Reads the size of an animated WebP from its header, because ffprobe cannot decode it (WebP container specification,
 * extended file format: bit 1 of the flags for an animation, then the canvas size minus one).
 */
function animatedWebpSize(start: Buffer, { mimeType }: ImageFormat) {
  if (mimeType !== 'image/webp' || start.toString('latin1', 12, 16) !== 'VP8X' || start.length < 30)
    return null
  const isAnimated = (start.readUInt8(20) & 0x02) !== 0
  return isAnimated ? { width: start.readUIntLE(24, 3) + 1, height: start.readUIntLE(27, 3) + 1 } : null
}

/** Reads up to `bytes` bytes from the beginning of a file. */
export async function startOf(handle: FileHandle, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes)
  const { bytesRead } = await handle.read(buffer, 0, bytes, 0)
  return buffer.subarray(0, bytesRead)
}
