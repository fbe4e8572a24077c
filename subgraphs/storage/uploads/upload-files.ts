import { mkdir, open, readdir, readFile, rm, stat, statfs, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { isId } from '../../../platform/ids.ts'
import { namesIn, openLocalQuarantine, type Quarantine } from '../objects/quarantine.ts'
import { syncFolder } from '../objects/sync.ts'

/** The files into which uploads are received. A file is named after the upload's id. */
export type UploadFiles = {
  folder: string
  path(id: string): string
  /** Creates an empty file if there is none, and removes a chunk that was cut off before it was checked. */
  prepare(id: string): Promise<void>
  /** Marks the position from which bytes do not count until they are checked, also after a crash. */
  beginUnchecked(id: string, offset: number): Promise<void>
  /** Accepts the bytes that were written since the mark. */
  keepUnchecked(id: string): Promise<void>
  /** Removes the bytes that were written and not checked, if there are any. */
  dropUnchecked(id: string): Promise<void>
  /** The size in bytes; null if nothing was received yet, or the file no longer exists. */
  size(id: string): Promise<number | null>
  /** When the bytes last changed; null if there is no file. */
  writtenAt(id: string): Promise<Date | null>
  empty(id: string): Promise<void>
  remove(id: string): Promise<void>
  /** Free disk space, in bytes. */
  freeBytes(): Promise<number>
  /** Files of uploads that the database does not know; `list` does not include them. */
  quarantine: Quarantine
  /** The upload files in the folder. */
  list(): Promise<{ id: string; size: number; writtenAt: Date }[]>
}

/** Opens the folder into which uploads are received. */
export async function openUploadFiles(folder: string): Promise<UploadFiles> {
  await mkdir(folder, { recursive: true })
  const locate = (id: string) => path.join(folder, id)
  const look = (id: string) =>
    stat(locate(id)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
  // A marker file that exists while a chunk with an unchecked checksum is written. It contains the chunk's offset.
  const mark = (id: string) => `${locate(id)}.unchecked`
  const dropUnchecked = async (id: string) => {
    const offset = await readFile(mark(id), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    if (offset === null) return
    // If the marker file itself is incomplete, no byte of the chunk was written.
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
