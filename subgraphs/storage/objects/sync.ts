import { open } from 'node:fs/promises'

/** Waits until a file's bytes are on disk and not only in the machine's memory (fsync). */
export async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Waits until a folder's list of names is on disk, without which a renamed file may be lost with the power. */
export async function syncFolder(folder: string): Promise<void> {
  await syncFile(folder)
}
