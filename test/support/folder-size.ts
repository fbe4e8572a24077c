import { lstat, readdir } from 'node:fs/promises'
import path from 'node:path'

/** How many bytes the files below a folder hold, those of an embedded PostgreSQL left out. */
export async function folderSize(folder: string): Promise<number> {
  let total = 0
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('postgres')) continue
    const full = path.join(folder, entry.name)
    // What vanishes while it is being counted does not count.
    if (entry.isDirectory()) total += await folderSize(full).catch(() => 0)
    else total += (await lstat(full).catch(() => ({ size: 0 }))).size
  }
  return total
}
