const MAX_CODES = 4096

/**
 * Checks that the compressed pixels of a GIF's picture (GIF89a specification, appendix F) are as many as announced and
 * end where their data ends. No program shows what stands after them.
 *
 * @param data the minimum code size, then blocks that start with their length; an empty block ends them
 */
export function isWholePicture(data: Buffer, pixels: number): boolean {
  const least = data[0] ?? 0
  if (least < 2 || least > 8) return false
  const read = codeReader(blocksOf(data.subarray(1)))
  const clear = 2 ** least
  // The number of pixels that each code stands for.
  const lengths = new Uint32Array(MAX_CODES).fill(1, 0, clear)
  let known = clear + 2
  let last = 0
  let size = least + 1
  for (let seen = 0; ; ) {
    const code = read.next(size)
    if (code === null) return false
    if (code === clear + 1) return seen === pixels && read.isAtEnd()
    if (code === clear) {
      known = clear + 2
      size = least + 1
      last = 0
      continue
    }
    if (code > known || (code === known && last === 0)) return false
    const length = code < known ? (lengths[code] ?? 0) : last + 1
    seen += length
    if (seen > pixels) return false
    if (last > 0 && known < MAX_CODES) {
      lengths[known++] = last + 1
      if (known === 2 ** size && size < 12) size++
    }
    last = length
  }
}

function blocksOf(bytes: Buffer): Buffer {
  const blocks: Buffer[] = []
  for (let at = 0; bytes[at]; at += 1 + (bytes[at] ?? 0)) {
    blocks.push(bytes.subarray(at + 1, at + 1 + (bytes[at] ?? 0)))
  }
  return Buffer.concat(blocks)
}

function codeReader(bytes: Buffer) {
  let at = 0
  let bits = 0
  let held = 0
  return {
    /** Returns the next code of `size` bits, lowest bit first; null at the end. */
    next(size: number): number | null {
      while (held < size) {
        const byte = bytes[at++]
        if (byte === undefined) return null
        bits |= byte << held
        held += 8
      }
      const code = bits & (2 ** size - 1)
      bits >>>= size
      held -= size
      return code
    },
    // Some encoders write one extra zero byte.
    isAtEnd: () => at >= bytes.length || (at === bytes.length - 1 && bytes[at] === 0),
  }
}
