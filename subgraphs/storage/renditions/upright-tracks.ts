import { constants } from 'node:fs'
import { listBoxes } from '../probing/mp4-boxes.ts'
import { openRegularFile } from '../sandbox/outputs.ts'

// The order is a b u c d v x y w. u, v and w have 30 fractional bits, the others 16.
const IDENTITY = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000]

/**
 * Resets the display matrix of all tracks of an MP4 rendition to "as encoded" (ISO/IEC 14496-12 §8.3.2). The pictures
 * are already turned, but ffmpeg also copies the original's matrix, so players would turn them a second time.
 */
export async function makeTracksUpright(file: string): Promise<void> {
  const handle = await openRegularFile(file, constants.O_RDWR)
  try {
    const { size } = await handle.stat()
    const within = async (parents: readonly { start: number; end: number }[], type: string) => {
      const boxes = await Promise.all(parents.map(({ start, end }) => listBoxes(handle, start, end)))
      return boxes.flat().filter((box) => box.type === type)
    }
    const movie = await within([{ start: 0, end: size }], 'moov')
    const matrix = Buffer.alloc(36)
    for (const [index, value] of IDENTITY.entries()) matrix.writeInt32BE(value, index * 4)
    const version = Buffer.alloc(1)
    for (const { start } of await within(await within(movie, 'trak'), 'tkhd')) {
      await handle.read(version, 0, 1, start)
      await handle.write(matrix, 0, matrix.length, start + (version[0] === 1 ? 52 : 40))
    }
  } finally {
    await handle.close()
  }
}
