import { isWholePicture } from './gif-picture.ts'

const EXTENSION = 0x21
const IMAGE = 0x2c
const TRAILER = 0x3b
const GRAPHIC_CONTROL = 0xf9
const APPLICATION = 0xff
// The application blocks that say how often an animation repeats. The blocks of other applications are dropped.
const LOOPS = /^(NETSCAPE2\.0|ANIMEXTS1\.0)$/
const LOOP_BYTES = 19
const CONTROL_BYTES = 8

/**
 * Copies a GIF's pictures without decoding, and drops comments, XMP and everything after its end (GIF89a specification,
 * §17 to §27).
 *
 * @returns null if the file contains anything that this function does not understand
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

// The highest bit of a descriptor says whether a colour table follows. The lowest three bits give the number of
// colours, three bytes each.
function tableLength(flags = 0): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0
}

// Data comes in blocks that start with their length. An empty block ends them.
function endOfBlocks(bytes: Buffer, from: number): number {
  let at = from
  while (bytes[at]) at += 1 + (bytes[at] ?? 0)
  return at + 1
}
