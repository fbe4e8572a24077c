import { statfs } from 'node:fs/promises'
import { isDiskFull } from '../capacity/disk-full.ts'
import type { Rendering } from './rendering.ts'

/** There is no room for what is to be made; later there may be. */
export class NoRoom extends Error {
  override name = 'NoRoom'
}

/**
 * Demands room for the renditions of an original before they are begun: where they are made and where they are kept,
 * the floor that is never given away must stay free. They take about as much as the original, rarely more.
 *
 * @param byteSize of the original
 * @throws NoRoom
 */
export async function demandRoom(
  { workFolder, objects, freeFloor }: Pick<Rendering, 'workFolder' | 'objects' | 'freeFloor'>,
  byteSize: number,
): Promise<void> {
  const { bavail, bsize } = await statfs(workFolder)
  const free = Math.min(bavail * bsize, await objects.freeBytes())
  if (free < freeFloor + byteSize) {
    throw new NoRoom(
      `STORAGE_UNAVAILABLE: ${free} bytes are free, ${byteSize} and a floor of ${freeFloor} wanted`,
    )
  }
}

/** Whether something failed for want of room, which is no fault of the file's and does not count as an attempt. */
export function isForWantOfRoom(error: unknown): boolean {
  return error instanceof NoRoom || isDiskFull(error)
}
