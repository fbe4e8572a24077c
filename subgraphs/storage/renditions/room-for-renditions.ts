import { statfs } from 'node:fs/promises'
import { isDiskFull } from '../capacity/disk-full.ts'
import type { ObjectStore } from '../objects/object-store.ts'

/** There is not enough disk space for the renditions now. A later attempt may succeed. */
export class NoRoom extends Error {
  override name = 'NoRoom'
}

/**
 * Checks, before rendering starts, that there is space for an original's renditions. The free floor must stay free both
 * in the work folder and in the object store. Renditions take about as much space as the original, rarely more.
 *
 * @param byteSize the size of the original
 * @throws NoRoom if there is not enough space
 */
export async function requireRoom(
  { workFolder, objects, freeFloor }: { workFolder: string; objects: ObjectStore; freeFloor: number },
  byteSize: number,
): Promise<void> {
  const { bavail, bsize } = await statfs(workFolder)
  const free = Math.min(bavail * bsize, await objects.freeBytes())
  if (free < freeFloor + byteSize) {
    throw new NoRoom(
      `STORAGE_UNAVAILABLE: ${free} bytes are free, but ${byteSize} bytes and the free floor of ${freeFloor} bytes are needed`,
    )
  }
}

/** Whether an error means a lack of disk space. This is not the file's fault and does not count as an attempt. */
export function isForWantOfRoom(error: unknown): boolean {
  return error instanceof NoRoom || isDiskFull(error)
}
