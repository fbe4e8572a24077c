import { isWholePicture } from './gif-picture.ts'

const EXTENSION = 0x21
const IMAGE = 0x2c
const TRAILER = 0x3b
const GRAPHIC_CONTROL = 0xf9
const APPLICATION = 0xff
// What says how often an animation is shown; all other applications' blocks say something else.
const LOOPS = /^(NETSCAPE2\.0|ANIMEXTS1\.0)$/
const LOOP_BYTES = 19
const CONTROL_BYTES = 8

/**
 * The same pictures of a GIF, not decoded, without comments, XMP, and whatever follows its end (GIF89a specification,
 * §17 to §27).
 *
 * @returns null where there is anything in it that is not understood
 */
export function allowedGif(bytes: Buffer): Buffer | null {
  let at = 13 + tableLength(bytes[10])
  const kept = [bytes.subarray(0, at)]
  while (at < bytes.length) {
    const from = at
    const kind = bytes[at]
    if (kind === TRAILER) return Buffer.concat([...kept, Buffer.from([TRAILER])])
    if (kind === EXTENSION) {
      at = endOfBlocks(bytes, at + 2)
      const label = bytes[from + 1]
      const isLoop = label === APPLICATION && LOOPS.test(bytes.toString('latin1', from + 3, from + 14))
      if (label !== GRAPHIC_CONTROL && !isLoop) continue
      if (at - from !== (isLoop ? LOOP_BYTES : CONTROL_BYTES)) return null
      kept.push(bytes.subarray(from, at))
    } else if (kind === IMAGE && at + 10 < bytes.length) {
      const data = at + 10 + tableLength(bytes[at + 9])
      at = endOfBlocks(bytes, data + 1)
      const pixels = bytes.readUInt16LE(from + 5) * bytes.readUInt16LE(from + 7)
      if (!isWholePicture(bytes.subarray(data, at), pixels)) return null
      kept.push(bytes.subarray(from, at))
    } else return null
  }
  return null
}

// The lowest three bits of a descriptor say how many colours follow, of three bytes each; the highest, whether any do.
function tableLength(flags = 0): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0
}

// Data come in blocks that say how long they are, the last one empty.
function endOfBlocks(bytes: Buffer, from: number): number {
  let at = from
  while (bytes[at]) at += 1 + (bytes[at] ?? 0)
  return at + 1
}
