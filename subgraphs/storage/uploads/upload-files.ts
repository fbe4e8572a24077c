import { mkdir, open, readdir, readFile, rm, stat, statfs, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { isId } from '../../../platform/ids.ts'
import { namesIn, openLocalQuarantine, type Quarantine } from '../objects/quarantine.ts'
import { syncFolder } from '../objects/sync.ts'

/** The files that uploads are received into, named by the upload's id alone. */
export type UploadFiles = {
  folder: string
  path(id: string): string
  /** Makes an empty file where there is none yet; a chunk that was cut off before it was checked is taken out. */
  prepare(id: string): Promise<void>
  /** What is written from here on counts only once it is checked, whatever happens until then. */
  beginUnchecked(id: string, offset: number): Promise<void>
  /** What was written is checked, and counts. */
  keepUnchecked(id: string): Promise<void>
  /** Takes out what was written and not checked, if there is any. */
  dropUnchecked(id: string): Promise<void>
  /** In bytes; null where nothing was received yet, or no longer is there. */
  size(id: string): Promise<number | null>
  /** When its bytes last changed; null where there is no file. */
  writtenAt(id: string): Promise<Date | null>
  empty(id: string): Promise<void>
  remove(id: string): Promise<void>
  /** How many bytes the disk still takes. */
  freeBytes(): Promise<number>
  /** Files of uploads that the database does not know; `list` does not show them. */
  quarantine: Quarantine
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
  // Stands beside the file while a chunk is written whose checksum is not known to be right, and says where it begins.
  const mark = (id: string) => `${locate(id)}.unchecked`
  const dropUnchecked = async (id: string) => {
    const offset = await readFile(mark(id), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    if (offset === null) return
    // Cut off while the mark itself was written, nothing of the chunk has come.
    if (offset.endsWith('\n')) await truncate(locate(id), Number(offset))
    await rm(mark(id), { force: true })
  }
  return {
    folder,
    path: locate,
    async prepare(id) {
      await (await open(locate(id), 'a')).close()
      await dropUnchecked(id)
    },
    async beginUnchecked(id, offset) {
      await writeFile(mark(id), `${offset}\n`, { flush: true })
      await syncFolder(folder)
    },
    keepUnchecked: (id) => rm(mark(id), { force: true }),
    dropUnchecked,
    size: async (id) => (await look(id))?.size ?? null,
    writtenAt: async (id) => (await look(id))?.mtime ?? null,
    empty: (id) => truncate(locate(id), 0),
    async remove(id) {
      await rm(mark(id), { force: true })
      await rm(locate(id), { force: true })
    },
    quarantine: openLocalQuarantine(path.join(folder, '.quarantine'), {
      folder: () => folder,
      names: async (id) =>
        (await namesIn(folder)).filter((name) => name === id || name === `${id}.unchecked`),
      prepare: async () => {},
      leave: async () => {},
    }),
    async freeBytes() {
      const { bavail, bsize } = await statfs(folder)
      return bavail * bsize
    },
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
