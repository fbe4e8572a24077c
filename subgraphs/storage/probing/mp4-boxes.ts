import type { FileHandle } from 'node:fs/promises'

/** A box of an ISO base media file (ISO/IEC 14496-12 §4.2): its type and the file positions of its content. */
export type Box = { type: string; start: number; end: number }

// No recorder writes more boxes than this at one level.
const MAX_BOXES = 10_000

/**
 * Lists the boxes between two positions of a file, without the boxes inside them. Reading stops at the first invalid
 * box.
 */
export async function listBoxes(handle: FileHandle, from: number, to: number): Promise<Box[]> {
  const boxes: Box[] = []
  const head = Buffer.alloc(16)
  for (let position = from; position + 8 <= to && boxes.length < MAX_BOXES; ) {
    const { bytesRead } = await handle.read(head, 0, 16, position)
    if (bytesRead < 8) break
    const short = head.readUInt32BE(0)
    if (short === 1 && bytesRead < 16) break
    const size = short === 1 ? Number(head.readBigUInt64BE(8)) : short === 0 ? to - position : short
    const start = position + (short === 1 ? 16 : 8)
    if (position + size < start) break
    boxes.push({ type: head.toString('latin1', 4, 8), start, end: Math.min(position + size, to) })
    position += size
  }
  return boxes
}
