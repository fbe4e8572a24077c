import { lstat, readdir } from 'node:fs/promises'
import path from 'node:path'

/** Returns the number of bytes in the files below a folder, without those of an embedded PostgreSQL. */
export async function folderSize(folder: string): Promise<number> {
  let total = 0
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('postgres')) continue
    const full = path.join(folder, entry.name)
    // Files that are deleted during the count are ignored.
    if (entry.isDirectory()) total += await folderSize(full).catch(() => 0)
    else total += (await lstat(full).catch(() => ({ size: 0 }))).size
  }
  return total
}
