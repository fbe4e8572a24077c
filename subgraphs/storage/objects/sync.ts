import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { openRegularFile } from '../sandbox/outputs.ts'

/** Waits until a file's bytes are on disk and not only in memory (fsync). */
export async function syncFile(file: string): Promise<void> {
  await sync(await openRegularFile(file))
}

/** Waits until a folder's entries are on disk; without it, a power failure can lose a renamed file. */
export async function syncFolder(folder: string): Promise<void> {
  await sync(await open(folder, constants.O_RDONLY | constants.O_DIRECTORY))
}

async function sync(handle: FileHandle): Promise<void> {
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
