import { mkdir, rename } from 'node:fs/promises'
import path from 'node:path'
import { hasCode } from '../../../platform/system-error.ts'
import {
  entriesIn,
  filesIn,
  findFolder,
  foreignEntry,
  isOwnName,
  look,
  removeFiles,
  removeIfEmpty,
  requireOnlyFiles,
} from './own-entries.ts'
import { type OnSkipped, skippedEntry } from './skipped-entries.ts'
import { syncFolder } from './sync.ts'

/**
 * Keeps files that the database does not know. The database may be wrong: an older dump was restored, or the service
 * was started on the wrong database. Deleting the files would then lose users' uploads.
 */
export type Quarantine = {
  /**
   * Moves the files stored under an id into quarantine. If there are none, that is not an error. Returns whether this
   * process moved any.
   */
  add(id: string): Promise<boolean>
  /**
   * Moves the files back. Files that already exist in their place stay unchanged. Returns whether anything was moved.
   */
  restore(id: string): Promise<boolean>
  /** Deletes the files permanently. What others have put beside them stays. */
  remove(id: string): Promise<void>
  /**
   * Everything in quarantine, with the time at which it was put there.
   *
   * @param onSkipped called with what is left out although it has a name that the quarantine uses
   */
  list(onSkipped?: OnSkipped): AsyncIterable<{ id: string; since: Date }>
  /** @throws ForeignEntry if others have put something beside the files */
  requireOnlyFiles(id: string): Promise<void>
}

/** The location of the files of one id while they are in use. */
export type Home = {
  /** The folder that contains them. */
  folder(id: string): string
  /** The names of the files that exist. */
  names(id: string): Promise<string[]>
  /** Creates the folder durably if it does not exist. */
  prepare(id: string): Promise<void>
  /** Removes the folder if it belongs to this id only and is empty. */
  leave(id: string): Promise<void>
}

/**
 * Opens a quarantine at `<root>/<id>/<name>`, on the file system that already holds the files. It renames one file
 * after the other, so that the next sweep continues after a crash. The folder's modification time is the time of the
 * last move into it.
 */
export function openLocalQuarantine(root: string, home: Home): Quarantine {
  const place = (id: string) => path.join(root, id)
  const isThere = async (id: string) =>
    (await findFolder(root)) !== null && (await findFolder(place(id))) !== null
  return {
    async add(id) {
      const names = await home.names(id)
      let isMoved = false
      if (names.length > 0) {
        if (!(await isThere(id))) await mkdir(place(id), { recursive: true, mode: 0o700 })
        for (const name of names) {
          if (await move(path.join(home.folder(id), name), path.join(place(id), name))) isMoved = true
        }
        await syncFolder(place(id))
        await syncFolder(root)
      }
      await home.leave(id)
      return isMoved
    },

    async restore(id) {
      if (!(await isThere(id))) return false
      let isMoved = false
      await home.prepare(id)
      for (const name of await filesIn(place(id))) {
        const target = path.join(home.folder(id), name)
        if (await look(target)) continue
        await move(path.join(place(id), name), target)
        isMoved = true
      }
      await syncFolder(home.folder(id))
      await removeIfEmpty(place(id))
      return isMoved
    },

    async remove(id) {
      if (await isThere(id)) await removeFiles(place(id))
    },

    async *list(onSkipped = () => {}) {
      const entries = await readable(root).catch((error) => {
        onSkipped(skippedEntry(error, root))
        return []
      })
      for (const entry of entries.filter(({ name }) => isOwnName(name))) {
        if (!entry.isDirectory()) {
          onSkipped(foreignEntry(place(entry.name), entry))
          continue
        }
        const found = await look(place(entry.name))
        if (found) yield { id: entry.name, since: found.mtime }
      }
    },

    async requireOnlyFiles(id) {
      if (await isThere(id)) await requireOnlyFiles(place(id))
    },
  }
}

async function readable(root: string) {
  return (await findFolder(root)) ? entriesIn(root) : []
}

// Another process that sweeps at the same time may have moved the file already.
async function move(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}
