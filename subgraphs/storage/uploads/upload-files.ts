import { constants } from 'node:fs'
import { mkdir, statfs, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pauses } from '../../../platform/pauses.ts'
import { hasCode } from '../../../platform/system-error.ts'
import { findFile, foreignEntry, isOwnName, look, removeFile, streamEntries } from '../objects/own-entries.ts'
import { openLocalQuarantine, type Quarantine } from '../objects/quarantine.ts'
import type { OnSkipped } from '../objects/skipped-entries.ts'
import { syncFolder } from '../objects/sync.ts'
import { openRegularFile } from '../sandbox/outputs.ts'

/**
 * The files into which uploads are received. A file is named after the upload's id. What others have put into its place,
 * such as a symbolic link, is never followed, changed or removed; reading or writing it fails.
 */
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
  /** Returns whether this process removed anything. */
  remove(id: string): Promise<boolean>
  /** Free disk space, in bytes. */
  freeBytes(): Promise<number>
  /** Files of uploads that the database does not know; `list` does not include them. */
  quarantine: Quarantine
  /**
   * The uploads that have files in the folder. A mark without its file counts as an empty one.
   *
   * @param onSkipped called with what is left out although it has a name that storage uses
   */
  list(onSkipped?: OnSkipped): Promise<{ id: string; size: number; writtenAt: Date }[]>
}

const MARK = '.unchecked'

// The folder may hold a hundred thousand files after an accident, and Node reads their sizes in four threads.
const LOOKS_AT_ONCE = 32

/** Opens the folder into which uploads are received. */
export async function openUploadFiles(folder: string): Promise<UploadFiles> {
  await mkdir(folder, { recursive: true })
  const locate = (id: string) => path.join(folder, id)
  // A marker file that exists while a chunk with an unchecked checksum is written. It contains the chunk's offset.
  const mark = (id: string) => `${locate(id)}${MARK}`
  const dropUnchecked = async (id: string) => {
    const offset = await readMark(mark(id))
    if (offset === null) return
    // If the marker file itself is incomplete, no byte of the chunk was written.
    if (offset.endsWith('\n')) await truncate(locate(id), Number(offset))
    await removeFile(mark(id))
  }
  return {
    folder,
    path: locate,
    async prepare(id) {
      const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT
      await (await openRegularFile(locate(id), flags)).close()
      await dropUnchecked(id)
    },
    async beginUnchecked(id, offset) {
      const flag = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW
      await writeFile(mark(id), `${offset}\n`, { flag, flush: true })
      await syncFolder(folder)
    },
    keepUnchecked: async (id) => void (await removeFile(mark(id))),
    dropUnchecked,
    size: async (id) => (await findFile(locate(id)))?.size ?? null,
    writtenAt: async (id) => (await findFile(locate(id)))?.mtime ?? null,
    empty: (id) => truncate(locate(id), 0),
    async remove(id) {
      const hadMark = await removeFile(mark(id))
      return (await removeFile(locate(id))) || hadMark
    },
    quarantine: openLocalQuarantine(path.join(folder, '.quarantine'), {
      folder: () => folder,
      async names(id) {
        const names: string[] = []
        for (const name of [id, `${id}${MARK}`]) if ((await look(locate(name)))?.isFile()) names.push(name)
        return names
      },
      prepare: async () => {},
      leave: async () => {},
    }),
    async freeBytes() {
      const { bavail, bsize } = await statfs(folder)
      return bavail * bsize
    },
    async list(onSkipped = () => {}) {
      const names = new Map<string, string>()
      const pause = pauses()
      for await (const entry of streamEntries(folder)) {
        await pause()
        const id = idOf(entry.name)
        if (!isOwnName(id)) continue
        if (!entry.isFile()) onSkipped(foreignEntry(locate(entry.name), entry))
        else if (entry.name === id || !names.has(id)) names.set(id, entry.name)
      }
      const found: { id: string; size: number; writtenAt: Date }[] = []
      for (const batch of batchesOf([...names], LOOKS_AT_ONCE)) {
        const looked = await Promise.all(
          batch.map(async ([id, name]) => ({ id, name, stats: await look(locate(name)) })),
        )
        for (const { id, name, stats } of looked) {
          if (stats) found.push({ id, size: name === id ? stats.size : 0, writtenAt: stats.mtime })
        }
        await pause()
      }
      return found
    },
  }
}

/** Divides a list into parts of at most `size` items. */
export function batchesOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}

function idOf(name: string): string {
  return name.endsWith(MARK) ? name.slice(0, -MARK.length) : name
}

async function readMark(file: string): Promise<string | null> {
  try {
    const handle = await openRegularFile(file)
    try {
      return await handle.readFile('utf8')
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
}

async function truncate(file: string, size: number): Promise<void> {
  const handle = await openRegularFile(file, constants.O_RDWR)
  try {
    await handle.truncate(size)
  } finally {
    await handle.close()
  }
}
