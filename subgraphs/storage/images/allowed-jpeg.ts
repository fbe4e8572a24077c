import { rebuiltProfile } from './colour-profile.ts'
import { type JpegSegment, jpegSegments, START_OF_SCAN } from './jpeg-segments.ts'
import { orientationOf } from './orientation.ts'

// ITU-T T.81 §B.1.1.3: baseline, extended and progressive, which are all that browsers and phones decode.
const FRAMES = [0xc0, 0xc1, 0xc2]
const HUFFMAN_TABLES = 0xc4
const QUANTIZATION_TABLES = 0xdb
const RESTART_INTERVAL = 0xdd
const COMMENT = 0xfe
const ICC = 'ICC_PROFILE\0'

/**
 * Copies the picture without decoding. The copy contains only its tables and scans, its orientation and its colour
 * profile.
 *
 * @returns null if the file contains anything that this function does not understand
 */
export function allowedJpeg(bytes: Buffer): Buffer | null {
  const segments = jpegSegments(bytes)
  if (!segments) return null
  const picture = segments.filter(({ marker }) => !isApplication(marker) && marker !== COMMENT)
  if (!picture.every(isWellFormed) || picture.filter(isFrame).length !== 1) return null
  const profile = iccProfile(segments)
  if (profile === null) return null
  const orientation = orientationOf(bytes, 'image/jpeg')
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    ...segments.flatMap((segment) => jfif(segment) ?? []).slice(0, 1),
    ...(orientation === 1 ? [] : [orientationSegment(orientation)]),
    ...segments.flatMap((segment) => adobe(segment) ?? []).slice(0, 1),
    ...(profile ? [write(0xe2, Buffer.concat([Buffer.from(`${ICC}\x01\x01`, 'latin1'), profile]))] : []),
    ...picture.flatMap(({ marker, body, scan }) => [write(marker, body), scan]),
    Buffer.from([0xff, 0xd9]),
  ])
}

function isApplication(marker: number): boolean {
  return marker >= 0xe0 && marker <= 0xef
}

function isFrame({ marker }: JpegSegment): boolean {
  return FRAMES.includes(marker)
}

/**
 * Checks that a segment is exactly as long as its content, so that it hides nothing else. It refuses CMYK, which is for
 * printers.
 */
function isWellFormed({ marker, body }: JpegSegment): boolean {
  if (FRAMES.includes(marker)) {
    const components = body[5] ?? 0
    return body[0] === 8 && (components === 1 || components === 3) && body.length === 6 + 3 * components
  }
  if (marker === START_OF_SCAN) return body.length === 4 + 2 * (body[0] ?? 0)
  if (marker === RESTART_INTERVAL) return body.length === 2
  if (marker === QUANTIZATION_TABLES) return endsAfter(body, (at) => 1 + ((body[at] ?? 0) >> 4 ? 128 : 64))
  if (marker === HUFFMAN_TABLES) {
    return endsAfter(body, (at) => 17 + body.subarray(at + 1, at + 17).reduce((sum, count) => sum + count, 0))
  }
  return false
}

function endsAfter({ length }: Buffer, lengthOf: (at: number) => number): boolean {
  let at = 0
  while (at < length) at += lengthOf(at)
  return at === length && length > 0
}

/** Returns the file's pixel density without its thumbnail (JFIF 1.02). */
function jfif({ marker, body }: JpegSegment): Buffer | null {
  if (marker !== 0xe0 || body.toString('latin1', 0, 5) !== 'JFIF\0' || body.length < 14) return null
  const minor = Math.min(body[6] ?? 1, 2)
  return write(0xe0, Buffer.from([...Buffer.from('JFIF\0'), 1, minor, ...body.subarray(7, 12), 0, 0]))
}

/** Returns how the three colours are encoded (Adobe technical note 5116). */
function adobe({ marker, body }: JpegSegment): Buffer | null {
  if (marker !== 0xee || body.toString('latin1', 0, 5) !== 'Adobe' || body.length < 12) return null
  return write(0xee, Buffer.from([...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, body[11] ?? 0]))
}

/** Rebuilds the picture's colour profile (ICC.1 §B.4); undefined if it has none, null if it cannot be rebuilt. */
function iccProfile(segments: readonly JpegSegment[]): Buffer | undefined | null {
  const parts = segments.flatMap(({ marker, body }) =>
    marker === 0xe2 && body.toString('latin1', 0, ICC.length) === ICC ? [body.subarray(ICC.length)] : [],
  )
  if (parts.length === 0) return undefined
  const inOrder = parts.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0)).map((part) => part.subarray(2))
  return rebuiltProfile(Buffer.concat(inOrder))
}

function orientationSegment(orientation: number): Buffer {
  const entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]
  const tiff = [...Buffer.from('MM'), 0, 42, 0, 0, 0, 8, 0, 1, ...entry, 0, 0, 0, 0]
  return write(0xe1, Buffer.from([...Buffer.from('Exif\0\0', 'latin1'), ...tiff]))
}

function write(marker: number, body: Buffer): Buffer {
  const length = body.length + 2
  return Buffer.concat([Buffer.from([0xff, marker, length >> 8, length & 0xff]), body])
}
