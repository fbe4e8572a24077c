import { randomUUID } from 'node:crypto'
import { createWriteStream, type Dirent } from 'node:fs'
import { link, lstat, mkdir, rename, rm, statfs, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { hasCode } from '../../../platform/system-error.ts'
import { NotAnOutput, openRegularFile } from '../sandbox/outputs.ts'
import type { ObjectStore, StoredFile } from './object-store.ts'
import {
  entriesIn,
  filesIn,
  findFile,
  findFolder,
  foreignEntry,
  isOwnName,
  look,
  removeFiles,
  removeIfEmpty,
  requireOnlyFiles,
} from './own-entries.ts'
import { openLocalQuarantine } from './quarantine.ts'
import { type OnSkipped, skippedEntry } from './skipped-entries.ts'
import { syncFile, syncFolder } from './sync.ts'

const DRAFT_LIFETIME_MS = 3600_000

/**
 * Opens an object store below a folder of the local disk, as `ab/cd/<folder>/<name>`. The two levels have at most 256
 * folders each and are named after the end of the id. A UUIDv7 begins with the time, which would put all new media in
 * the same folder.
 *
 * @param root created if it does not exist
 */
export async function openLocalDisk(root: string): Promise<ObjectStore> {
  const incoming = path.join(root, '.incoming')
  if (!(await findFolder(incoming))) await mkdir(incoming, { recursive: true })
  await removeOldDrafts(incoming)
  const locate = (folder: string) => path.join(root, folder.slice(-4, -2), folder.slice(-2), folder)
  /** Whether a folder exists. Throws ForeignEntry if it, or a folder above it, is something else. */
  const isThere = async (folder: string) => {
    const place = locate(folder)
    const second = path.dirname(place)
    for (const level of [path.dirname(second), second, place]) if (!(await findFolder(level))) return false
    return true
  }
  const prepare = async (folder: string) => {
    if (!(await isThere(folder))) await makeFolder(root, locate(folder))
  }

  return {
    async put(folder, name, file) {
      const target = locate(folder)
      const draft = path.join(incoming, randomUUID())
      await linkOrCopy(file, draft)
      await syncFile(draft)
      await prepare(folder)
      await findFile(path.join(target, name))
      await rename(draft, path.join(target, name))
      // rename() does nothing if both names are links to the same file, as after a restart; the draft then remains.
      await rm(draft, { force: true })
      await syncFolder(target)
    },

    open: async (folder, name) =>
      (await isThere(folder)) ? openFile(path.join(locate(folder), name)) : null,

    localPath: (folder, name) => path.join(locate(folder), name),

    async remove(folder, isChosen) {
      if (!(await isThere(folder))) return
      if (!isChosen) return removeFiles(locate(folder))
      const names = await filesIn(locate(folder))
      for (const name of names.filter(isChosen)) await rm(path.join(locate(folder), name), { force: true })
    },

    async *list(onSkipped = () => {}) {
      for (const first of await shards(root, onSkipped)) {
        for (const second of await shards(first, onSkipped)) {
          for (const entry of (await readable(second, onSkipped)).filter(({ name }) => isOwnName(name))) {
            const place = path.join(second, entry.name)
            if (!entry.isDirectory()) onSkipped(foreignEntry(place, entry))
            else if (place !== locate(entry.name))
              onSkipped({ path: place, reason: `is in the wrong folder; its place is ${locate(entry.name)}` })
            else {
              const found = await look(place)
              if (found) yield { folder: entry.name, writtenAt: found.mtime }
            }
          }
        }
      }
    },

    async requireOnlyFiles(folder) {
      if (await isThere(folder)) await requireOnlyFiles(locate(folder))
    },

    quarantine: openLocalQuarantine(path.join(root, '.quarantine'), {
      folder: locate,
      names: async (folder) => ((await isThere(folder)) ? filesIn(locate(folder)) : []),
      prepare,
      async leave(folder) {
        if (await isThere(folder)) await removeIfEmpty(locate(folder))
      },
    }),

    async freeBytes() {
      const { bavail, bsize } = await statfs(root)
      return bavail * bsize
    },

    async check() {
      const probe = path.join(incoming, randomUUID())
      await writeFile(probe, 'x')
      await rm(probe)
    },
  }
}

// Drafts of a killed process are useless; recent ones may be in use by another process.
async function removeOldDrafts(incoming: string): Promise<void> {
  for (const name of (await filesIn(incoming)).filter(isOwnName)) {
    const draft = path.join(incoming, name)
    const { ctimeMs } = (await findFile(draft)) ?? { ctimeMs: Date.now() }
    if (ctimeMs < Date.now() - DRAFT_LIFETIME_MS) await rm(draft, { force: true })
  }
}

async function openFile(file: string): Promise<StoredFile | null> {
  const handle = await openRegularFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (!handle) return null
  const { size } = await handle.stat()
  return {
    size,
    read: async (buffer, position) => (await handle.read(buffer, 0, buffer.length, position)).bytesRead,
    close: () => handle.close(),
  }
}

// A hard link costs nothing and leaves the upload in place; not every file system supports hard links.
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) throw error
    await copy(from, to)
  }
  // The link may be one to a symbolic link or to a named pipe.
  if ((await lstat(to)).isFile()) return
  await rm(to, { force: true })
  throw new NotAnOutput(`${from} is not a file`)
}

async function copy(from: string, to: string): Promise<void> {
  const source = await openRegularFile(from)
  await pipeline(source.createReadStream(), createWriteStream(to, { flags: 'wx' }))
}

// The entry of each new folder must be on disk too, or the file would be lost with it.
async function makeFolder(root: string, folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true })
  if (!first) return
  for (let parent = path.dirname(folder); parent.startsWith(root); parent = path.dirname(parent)) {
    await syncFolder(parent)
  }
}

async function shards(folder: string, onSkipped: OnSkipped): Promise<string[]> {
  const entries = (await readable(folder, onSkipped)).filter(({ name }) => /^[0-9a-f]{2}$/.test(name))
  for (const entry of entries) {
    if (!entry.isDirectory()) onSkipped(foreignEntry(path.join(folder, entry.name), entry))
  }
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(folder, name))
}

function readable(folder: string, onSkipped: OnSkipped): Promise<Dirent[]> {
  return entriesIn(folder).catch((error) => {
    onSkipped(skippedEntry(error, folder))
    return []
  })
}
