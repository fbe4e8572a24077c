import { open } from 'node:fs/promises'

/** Waits until a file's bytes are on disk and not only in memory (fsync). */
export async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Waits until a folder's entries are on disk; without it, a power failure can lose a renamed file. */
export async function syncFolder(folder: string): Promise<void> {
  await syncFile(folder)
}
