type Box = { type: string; body: Buffer }

/**
 * Returns the size at which a HEIF or AVIF image is shown (ISO/IEC 23008-12: the `ispe` and `irot` properties). The
 * largest `ispe` is the whole picture; the others belong to its tiles and thumbnails.
 *
 * @param start the beginning of the file, with its complete `meta` box
 * @returns null if the file does not state a size
 */
export function heifDimensions(start: Buffer): { width: number; height: number } | null {
  const container = propertiesOf(start)
  if (!container) return null
  let width = 0
  let height = 0
  let isTurned = false
  for (const { type, body } of boxes(container)) {
    if (type === 'irot' && body.length > 0) isTurned ||= body.readUInt8(0) % 2 === 1
    if (type !== 'ispe' || body.length < 12) continue
    const [w, h] = [body.readUInt32BE(4), body.readUInt32BE(8)]
    if (w * h > width * height) [width, height] = [w, h]
  }
  if (width === 0) return null
  return isTurned ? { width: height, height: width } : { width, height }
}

/**
 * Returns the colour profile (ICC.1) of a HEIF image. Cameras write it once for the picture and all of its tiles.
 *
 * @param start the beginning of the file, with its complete `meta` box
 * @returns null if the image has no profile
 */
export function heifColourProfile(start: Buffer): Buffer | null {
  const container = propertiesOf(start)
  if (!container) return null
  for (const { type, body } of boxes(container)) {
    // ISO/IEC 14496-12 §12.1.5: a profile follows `prof` and `rICC`; numbers follow `nclx`.
    if (type === 'colr' && /^(prof|rICC)$/.test(body.toString('latin1', 0, 4))) return body.subarray(4)
  }
  return null
}

function propertiesOf(start: Buffer): Buffer | null {
  const meta = find(start, 'meta')
  // `meta` is a full box: 4 bytes of version and flags come before its child boxes.
  const properties = meta && find(meta.subarray(4), 'iprp')
  return properties && find(properties, 'ipco')
}

function find(bytes: Buffer, type: string): Buffer | null {
  for (const box of boxes(bytes)) if (box.type === type) return box.body
  return null
}

function* boxes(bytes: Buffer): Generator<Box> {
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = bytes.readUInt32BE(at)
    // 0 means "to the end" and 1 means a 64-bit size. The boxes needed here have neither. Other sizes below 8 are
    // invalid.
    if (size < 8) return
    yield { type: bytes.toString('latin1', at + 4, at + 8), body: bytes.subarray(at + 8, at + size) }
    at += size
  }
}
