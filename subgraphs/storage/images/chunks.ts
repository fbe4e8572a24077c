/** A chunk of a PNG or WebP: its four-letter name and its content. */
export type Chunk = { type: string; body: Buffer }

/**
 * Reads the chunks of a PNG (third edition, §5.3) up to IEND, or of a WebP (container specification) up to the end that
 * its header announces.
 *
 * @returns null if the chunks are invalid, and for other types
 */
export function chunksOf(bytes: Buffer, mimeType: string): Chunk[] | null {
  if (mimeType === 'image/png') return pngChunks(bytes)
  if (mimeType !== 'image/webp' || bytes.length < 12) return null
  return riffChunks(bytes.subarray(12, 8 + bytes.readUInt32LE(4)))
}

function pngChunks(bytes: Buffer): Chunk[] | null {
  const chunks: Chunk[] = []
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 8 + bytes.readUInt32BE(at)
    if (end + 4 > bytes.length) return null
    const type = bytes.toString('latin1', at + 4, at + 8)
    chunks.push({ type, body: bytes.subarray(at + 8, end) })
    if (type === 'IEND') return chunks
    at = end + 4
  }
  return null
}

/** Reads RIFF chunks: a name, a four-byte length, the content, and a padding byte if the length is odd. */
export function riffChunks(bytes: Buffer): Chunk[] | null {
  const chunks: Chunk[] = []
  let at = 0
  while (at + 8 <= bytes.length) {
    const end = at + 8 + bytes.readUInt32LE(at + 4)
    if (end > bytes.length) return null
    chunks.push({ type: bytes.toString('latin1', at, at + 4), body: bytes.subarray(at + 8, end) })
    at = end + (end % 2)
  }
  return at >= bytes.length ? chunks : null
}

/** Writes one RIFF chunk. */
export function riffChunk({ type, body }: Chunk): Buffer {
  const head = Buffer.from(`${type}\0\0\0\0`, 'latin1')
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)])
}
