import { LRUCache } from 'lru-cache'
import type { ObjectStore, StoredFile } from '../objects/object-store.ts'

/** Files that are kept open, since opening one costs more than reading a part of it. */
export type OpenFiles = {
  /** Borrows a file; null where there is none. Whoever borrows must give it back. */
  borrow(folder: string, name: string): Promise<{ file: StoredFile; giveBack(): void } | null>
  /** Closes all, once nobody reads them any more. */
  clear(): void
}

type Entry = { file: StoredFile; readers: number; isDropped: boolean }

/** Keeps the files that were used last open, at most so many. */
export function createOpenFiles(objects: ObjectStore, max = 256): OpenFiles {
  const closeIfUnused = (entry: Entry) => {
    if (entry.isDropped && entry.readers === 0) void entry.file.close()
  }
  const entries = new LRUCache<string, Entry>({
    max,
    // A file that is not asked for is let go, so that a deleted one gives its space back.
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
        // Between the opening and this turn the file may have been dropped and closed.
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
