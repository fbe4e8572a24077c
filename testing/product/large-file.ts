import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { mediaFile } from './media-files.ts'

/** A video of any size that needs no memory, because its bytes are generated while they are sent. */
export type LargeFile = {
  name: string
  mimeType: string
  byteSize: number
  sha256: string
  /** Returns the bytes from an offset on. */
  from(offset: number): Readable
}

const BLOCK = 1024 * 1024

/**
 * Creates a playable clip followed by an MP4 `free` box (ISO/IEC 14496-12 §8.1.2) of random bytes. Players skip the
 * box, regardless of its size.
 *
 * @param byteSize the size of the whole file, less than 4 GiB
 */
export async function largeFile(byteSize: number): Promise<LargeFile> {
  const { bytes: clip } = await mediaFile('clip.mp4')
  const boxSize = byteSize - clip.length
  const header = Buffer.alloc(8)
  header.writeUInt32BE(boxSize, 0)
  header.write('free', 4, 'latin1')
  const start = Buffer.concat([clip, header])
  const noise = randomBytes(BLOCK)

  // Each block is different, so that a mix-up of blocks is detected.
  function* blocks(offset: number) {
    if (offset < start.length) yield start.subarray(offset)
    let position = Math.max(offset, start.length)
    while (position < byteSize) {
      const within = (position - start.length) % BLOCK
      const number = (position - start.length - within) / BLOCK
      const block = Buffer.from(noise)
      block.writeUInt32BE(number, 0)
      const chunk = block.subarray(within, Math.min(BLOCK, within + byteSize - position))
      yield chunk
      position += chunk.length
    }
  }

  const hash = createHash('sha256')
  for (const block of blocks(0)) hash.update(block)
  return {
    name: 'long.mp4',
    mimeType: 'video/mp4',
    byteSize,
    sha256: hash.digest('hex'),
    from: (offset) => Readable.from(blocks(offset), { objectMode: false, highWaterMark: BLOCK }),
  }
}
