type Box = { type: string; body: Buffer }

/**
 * The size that a HEIF or AVIF image is shown with (ISO/IEC 23008-12: the `ispe` and `irot` properties). The largest
 * `ispe` is the whole picture: the others are of its tiles and thumbnails.
 *
 * @param start the beginning of the file, with all of its `meta` box
 * @returns null where it does not say
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
 * The colour profile (ICC.1) of a HEIF image, which cameras write once for the picture and all of its tiles.
 *
 * @param start the beginning of the file, with all of its `meta` box
 * @returns null where it has none
 */
export function heifColourProfile(start: Buffer): Buffer | null {
  const container = propertiesOf(start)
  if (!container) return null
  for (const { type, body } of boxes(container)) {
    // ISO/IEC 14496-12 §12.1.5: `prof` and `rICC` are followed by the profile, `nclx` by numbers.
    if (type === 'colr' && /^(prof|rICC)$/.test(body.toString('latin1', 0, 4))) return body.subarray(4)
  }
  return null
}

function propertiesOf(start: Buffer): Buffer | null {
  const meta = find(start, 'meta')
  // `meta` is a full box: 4 bytes of version and flags stand before the boxes in it.
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
    // 0 would mean "to the end" and 1 a 64-bit size, neither of which the boxes looked for have. Less is nonsense.
    if (size < 8) return
    yield { type: bytes.toString('latin1', at + 4, at + 8), body: bytes.subarray(at + 8, at + size) }
    at += size
  }
}
