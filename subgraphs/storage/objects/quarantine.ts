import { access, mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { isId } from '../../../platform/ids.ts'
import { hasCode } from '../../../platform/system-error.ts'
import { syncFolder } from './sync.ts'

/**
 * Keeps files that the database does not know. The database may be wrong: an older dump was restored, or the service
 * was started on the wrong database. Deleting the files would then lose users' uploads.
 */
export type Quarantine = {
  /** Moves everything stored under an id into quarantine. If there is nothing, that is not an error. */
  add(id: string): Promise<void>
  /**
   * Moves the files back. Files that already exist in their place stay unchanged. Returns whether anything was moved.
   */
  restore(id: string): Promise<boolean>
  /** Deletes the files permanently. */
  remove(id: string): Promise<void>
  /** Everything in quarantine, with the time at which it was put there. */
  list(): AsyncIterable<{ id: string; since: Date }>
}

/** The location of the files of one id while they are in use. */
export type Home = {
  /** The folder that contains them. */
  folder(id: string): string
  /** The names of the files that exist. */
  names(id: string): Promise<string[]>
  /** Creates the folder durably if it does not exist. */
  prepare(id: string): Promise<void>
  /** Removes the folder if it belongs to this id only. */
  leave(id: string): Promise<void>
}

/**
 * Opens a quarantine at `<root>/<id>/<name>`, on the file system that already holds the files. It renames one file
 * after the other, so that the next sweep continues after a crash. The folder's modification time is the time of the
 * last move into it.
 */
export function openLocalQuarantine(root: string, home: Home): Quarantine {
  const place = (id: string) => path.join(root, id)
  return {
    async add(id) {
      const names = await home.names(id)
      if (names.length > 0) {
        await mkdir(place(id), { recursive: true, mode: 0o700 })
        for (const name of names) await move(path.join(home.folder(id), name), path.join(place(id), name))
        await syncFolder(place(id))
        await syncFolder(root)
      }
      await home.leave(id)
    },

    async restore(id) {
      let isMoved = false
      await home.prepare(id)
      for (const name of await namesIn(place(id))) {
        const target = path.join(home.folder(id), name)
        if (await exists(target)) continue
        await move(path.join(place(id), name), target)
        isMoved = true
      }
      await syncFolder(home.folder(id))
      await removeIfEmpty(place(id))
      return isMoved
    },

    remove: (id) => rm(place(id), { recursive: true, force: true }),

    async *list() {
      for (const id of (await namesIn(root)).filter(isId)) {
        const found = await stat(place(id)).catch(() => null)
        if (found) yield { id, since: found.mtime }
      }
    },
  }
}

/** The names in a folder; empty if the folder does not exist. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
}

/** Removes a folder if it is empty. */
export async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch((error) => {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].some((code) => hasCode(error, code))) throw error
  })
}

// Another process that sweeps at the same time may have moved the file already.
async function move(from: string, to: string): Promise<void> {
  await rename(from, to).catch((error) => {
    if (!hasCode(error, 'ENOENT')) throw error
  })
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
