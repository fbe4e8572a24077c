import { Readable } from 'node:stream'
import { createInflate, inflateSync } from 'node:zlib'

/**
 * Checks that compressed bytes (RFC 1950) hold exactly `length` bytes and that nothing follows them. The output is
 * discarded, so a large picture takes little memory.
 */
export async function inflatesTo(parts: readonly Buffer[], length: number): Promise<boolean> {
  const compressed = parts.reduce((sum, part) => sum + part.length, 0)
  const inflate = createInflate()
  let seen = 0
  const source = Readable.from(parts)
  try {
    for await (const chunk of source.pipe(inflate)) {
      seen += chunk.length
      if (seen > length) return false
    }
    return seen === length && inflate.bytesWritten === compressed
  } catch {
    return false
  } finally {
    source.destroy()
    inflate.destroy()
  }
}

/** Decompresses bytes; null if they are invalid or decompress to more than `length` bytes. */
export function inflateUpTo(compressed: Buffer, length: number): Buffer | null {
  try {
    return inflateSync(compressed, { maxOutputLength: length })
  } catch {
    return null
  }
}
