/** A segment of a JPEG (ITU-T T.81 §B.1.1.3): its marker, and its parameters without their length. */
export type JpegSegment = {
  marker: number
  body: Buffer
  /** The entropy-coded data after a start of scan, with its restart markers; empty for all other segments. */
  scan: Buffer
}

export const START_OF_SCAN = 0xda
const START_OF_IMAGE = 0xd8
const END_OF_IMAGE = 0xd9

/**
 * Reads the segments of a JPEG from its start to the first end-of-image marker.
 *
 * @returns null if the segments are invalid or there is no end of image
 */
export function jpegSegments(bytes: Buffer): JpegSegment[] | null {
  const segments: JpegSegment[] = []
  if (bytes[0] !== 0xff || bytes[1] !== START_OF_IMAGE) return null
  for (let at = 2; ; ) {
    if (bytes[at] !== 0xff) return null
    // §B.1.1.2 allows any number of fill bytes before a marker.
    while (bytes[at] === 0xff) at++
    const marker = bytes[at++]
    if (marker === END_OF_IMAGE) return segments
    if (marker === undefined || !hasParameters(marker) || at + 2 > bytes.length) return null
    const end = at + bytes.readUInt16BE(at)
    if (end < at + 2 || end > bytes.length) return null
    const body = bytes.subarray(at + 2, end)
    at = marker === START_OF_SCAN ? endOfScan(bytes, end) : end
    segments.push({ marker, body, scan: bytes.subarray(end, at) })
  }
}

// SOFn, DHT, DQT, DRI, SOS, APPn, COM and similar have parameters. Markers below 0xc0 and restarts have none or are
// reserved.
function hasParameters(marker: number): boolean {
  return marker >= 0xc0 && marker !== START_OF_IMAGE && !isRestart(marker)
}

function isRestart(marker: number): boolean {
  return marker >= 0xd0 && marker <= 0xd7
}

/**
 * Returns the position of the first marker after a scan's data, ignoring restart markers. In the data, 0xff is followed
 * by 0.
 */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 2)) {
    const next = bytes[at + 1] ?? 0
    if (next !== 0 && !isRestart(next)) return at
  }
  return bytes.length
}

/** Counts the scans of a JPEG. If its segments are invalid, the result is at least as many as a decoder finds. */
export function countScans(bytes: Buffer): number {
  const segments = jpegSegments(bytes)
  if (segments) return segments.filter(({ marker }) => marker === START_OF_SCAN).length
  const scan = Buffer.from([0xff, START_OF_SCAN])
  let count = 0
  for (let at = bytes.indexOf(scan); at >= 0; at = bytes.indexOf(scan, at + 2)) count++
  return count
}
