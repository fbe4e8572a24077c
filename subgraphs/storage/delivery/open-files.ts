import { LRUCache } from 'lru-cache'
import type { ObjectStore, StoredFile } from '../objects/object-store.ts'

/** A cache of open files. Opening a file costs more than reading a part of it. */
export type OpenFiles = {
  /** Borrows a file; null if it does not exist. The borrower must give it back. */
  borrow(folder: string, name: string): Promise<{ file: StoredFile; giveBack(): void } | null>
  /** Closes all files, each as soon as no request reads it any more. */
  clear(): void
}

type Entry = { file: StoredFile; readers: number; isDropped: boolean }

/** Creates a cache that keeps the `max` most recently used files open. */
export function createOpenFiles(objects: ObjectStore, max = 256): OpenFiles {
  const closeIfUnused = (entry: Entry) => {
    if (entry.isDropped && entry.readers === 0) void entry.file.close()
  }
  const entries = new LRUCache<string, Entry>({
    max,
    // An unused file is closed, so that a deleted file releases its disk space.
    ttl: 60_000,
    ttlAutopurge: true,
    dispose: (entry) => {
      entry.isDropped = true
      closeIfUnused(entry)
    },
  })
  const opening = new Map<string, Promise<Entry | null>>()

  const open = async (key: string, folder: string, name: string): Promise<Entry | null> => {
    const file = await objects.open(folder, name)
    if (!file) return null
    const entry = { file, readers: 0, isDropped: false }
    entries.set(key, entry)
    return entry
  }

  return {
    async borrow(folder, name) {
      const key = `${folder}/${name}`
      let entry = entries.get(key) ?? null
      if (!entry) {
        const underWay = opening.get(key) ?? open(key, folder, name).finally(() => opening.delete(key))
        opening.set(key, underWay)
        entry = await underWay
        // The file may have been dropped and closed between opening and this point.
        if (entry?.isDropped && entry.readers === 0) return this.borrow(folder, name)
      }
      if (!entry) return null
      const borrowed = entry
      borrowed.readers++
      return {
        file: borrowed.file,
        giveBack() {
          borrowed.readers--
          closeIfUnused(borrowed)
        },
      }
    },
    clear: () => entries.clear(),
  }
}
