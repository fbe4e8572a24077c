import type { Dirent, Stats } from 'node:fs'
import { lstat, opendir, readdir, rm, rmdir, unlink } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { isId } from '../../../platform/ids.ts'
import { hasCode } from '../../../platform/system-error.ts'

// Storage makes folders and regular files only. Everything here looks at an entry itself and never at what a symbolic
// link leads to.

const ATTEMPTS = 10
const PAUSE_MS = 10

/** Something in a folder of storage that storage did not make, such as a symbolic link. It is left alone. */
export class ForeignEntry extends Error {
  override name = 'ForeignEntry'
  readonly path: string
  /** What is wrong with it, as the end of a sentence that begins with the path. */
  readonly reason: string

  constructor(path: string, reason: string) {
    super(`${path} ${reason}`)
    this.path = path
    this.reason = reason
  }
}

/** The entry is not what storage makes at its place. */
export function foreignEntry(place: string, entry: Dirent | Stats): ForeignEntry {
  return new ForeignEntry(place, `is ${kindOf(entry)}, which storage did not make`)
}

/** Whether storage may have given this name to a folder or to a file. It writes ids in lower case. */
export function isOwnName(name: string): boolean {
  return isId(name) && name === name.toLowerCase()
}

/**
 * A folder that storage made; null if there is nothing.
 *
 * @throws ForeignEntry if something else has its name
 */
export async function findFolder(folder: string): Promise<Stats | null> {
  const stats = await look(folder)
  if (stats && !stats.isDirectory()) throw foreignEntry(folder, stats)
  return stats
}

/**
 * A file that storage made; null if there is nothing.
 *
 * @throws ForeignEntry if something else has its name
 */
export async function findFile(file: string): Promise<Stats | null> {
  const stats = await look(file)
  if (stats && !stats.isFile()) throw foreignEntry(file, stats)
  return stats
}

/** What is at a path, also if it is a symbolic link; null if there is nothing. */
export function look(place: string): Promise<Stats | null> {
  return lstat(place).catch(nullIfMissing)
}

/** The entries of a folder; empty if the folder does not exist. */
export async function entriesIn(folder: string): Promise<Dirent[]> {
  return (await readdir(folder, { withFileTypes: true }).catch(nullIfMissing)) ?? []
}

/** Yields the entries of a folder that may have very many of them. */
export async function* streamEntries(folder: string): AsyncIterable<Dirent> {
  const opened = await opendir(folder, { bufferSize: 256 }).catch(nullIfMissing)
  if (opened) yield* opened
}

/** The names of the files in a folder; empty if the folder does not exist. */
export async function filesIn(folder: string): Promise<string[]> {
  return (await entriesIn(folder)).filter((entry) => entry.isFile()).map(({ name }) => name)
}

/** @throws ForeignEntry if a folder contains anything else than files */
export async function requireOnlyFiles(folder: string): Promise<void> {
  for (const entry of await entriesIn(folder)) {
    if (!entry.isFile()) throw foreignEntry(path.join(folder, entry.name), entry)
  }
}

/** Removes a file if there is one, and returns whether there was. Anything else with its name stays. */
export async function removeFile(file: string): Promise<boolean> {
  if (!(await look(file))?.isFile()) return false
  // Of several processes that remove it, only one removes it.
  return (await unlink(file).then(() => true, nullIfMissing)) ?? false
}

/**
 * Removes the files in a folder, and the folder unless it contains anything else. Files may be added to it meanwhile.
 */
export async function removeFiles(folder: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    for (const name of await filesIn(folder)) await rm(path.join(folder, name), { force: true })
    if (await removeIfEmpty(folder)) return
    if ((await filesIn(folder)).length === 0) return
    if (attempt === ATTEMPTS) throw new Error(`files are added to ${folder} while it is removed`)
    await pause(attempt * PAUSE_MS)
  }
}

/** Removes a folder if it is empty. Returns whether it is gone. */
export async function removeIfEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return true
    if (hasCode(error, 'ENOTEMPTY') || hasCode(error, 'EEXIST')) return false
    throw error
  }
}

function nullIfMissing(error: unknown): null {
  if (hasCode(error, 'ENOENT')) return null
  throw error
}

function kindOf(entry: Dirent | Stats): string {
  if (entry.isSymbolicLink()) return 'a symbolic link'
  if (entry.isDirectory()) return 'a folder'
  return entry.isFile() ? 'a file' : 'neither a file nor a folder'
}
