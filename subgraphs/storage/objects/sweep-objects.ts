import type { Log } from '../../../platform/log.ts'
import type { ObjectStore } from './object-store.ts'

/** What finding orphans needs. */
export type ObjectSweep = {
  objects: ObjectStore
  /** Which of these folders belong to something. */
  known(folders: readonly string[]): Promise<Set<string>>
  /** Everything that should have a folder, in batches. */
  expected(): AsyncIterable<string[]>
  log: Log
  now: Date
  /** Only says what would be done. */
  isDryRun?: boolean
}

// Objects are written before what they belong to is recorded.
const SETTLING_MS = 3600_000
const BATCH = 500

/**
 * Finds orphans in both directions. A folder that belongs to nothing is removed. Something without its folder is only
 * reported: where bytes are gone, or a disk is not there, removing the record would make it worse.
 *
 * @returns the folders that were removed, or would be, and what lacks its folder
 */
export async function sweepObjects(sweep: ObjectSweep): Promise<{ removed: string[]; missing: string[] }> {
  const { objects, known, expected, log, now, isDryRun = false } = sweep
  const found = new Set<string>()
  const removed: string[] = []
  let batch: string[] = []
  const removeUnknown = async () => {
    const belonging = await known(batch)
    for (const folder of batch.filter((candidate) => !belonging.has(candidate))) {
      if (!isDryRun) await objects.remove(folder)
      removed.push(folder)
    }
    batch = []
  }
  for await (const { folder, writtenAt } of objects.list()) {
    found.add(folder)
    if (writtenAt.getTime() <= now.getTime() - SETTLING_MS) batch.push(folder)
    if (batch.length >= BATCH) await removeUnknown()
  }
  await removeUnknown()

  const missing: string[] = []
  for await (const folders of expected()) missing.push(...folders.filter((folder) => !found.has(folder)))
  const lost: string[] = []
  for (const folder of missing) {
    // What was stored after the list was read is there all the same.
    const file = await objects.open(folder, 'original')
    if (file) await file.close()
    else lost.push(folder)
  }
  if (removed.length > 0 && !isDryRun) log.info({ removed }, 'objects that belonged to nothing were removed')
  if (lost.length > 0) log.error({ missing: lost }, 'media whose bytes are not there')
  return { removed, missing: lost }
}
