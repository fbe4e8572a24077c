import { mkdir, open, readdir, rm, stat, truncate } from 'node:fs/promises'
import path from 'node:path'
import { isId } from '../../../platform/ids.ts'

/** The files that uploads are received into, named by the upload's id alone. */
export type UploadFiles = {
  folder: string
  path(id: string): string
  /** Makes an empty file where there is none yet. */
  ensure(id: string): Promise<void>
  /** In bytes; null where nothing was received yet, or no longer is there. */
  size(id: string): Promise<number | null>
  empty(id: string): Promise<void>
  remove(id: string): Promise<void>
  /** What lies in the folder. */
  list(): Promise<{ id: string; size: number; writtenAt: Date }[]>
}

/** Opens the folder that uploads are received in. */
export async function openUploadFiles(folder: string): Promise<UploadFiles> {
  await mkdir(folder, { recursive: true })
  const locate = (id: string) => path.join(folder, id)
  const look = (id: string) =>
    stat(locate(id)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
  return {
    folder,
    path: locate,
    ensure: async (id) => (await open(locate(id), 'a')).close(),
    size: async (id) => (await look(id))?.size ?? null,
    empty: (id) => truncate(locate(id), 0),
    remove: (id) => rm(locate(id), { force: true }),
    async list() {
      const found = await Promise.all(
        (await readdir(folder)).filter(isId).map(async (id) => ({ id, stats: await look(id) })),
      )
      return found.flatMap(({ id, stats }) =>
        stats ? [{ id, size: stats.size, writtenAt: stats.mtime }] : [],
      )
    },
  }
}
