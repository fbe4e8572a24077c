import type { Log } from '../../../platform/log.ts'
import type { ObjectStore } from './object-store.ts'
import type { Skips } from './skipped-entries.ts'

/** The dependencies of sweeping objects. */
export type ObjectSweep = {
  objects: ObjectStore
  /** Which of these folders belong to something. */
  known(folders: readonly string[]): Promise<Set<string>>
  /** Which of these folders belonged to something that was deleted on purpose. */
  deleted(folders: readonly string[]): Promise<Set<string>>
  /** Everything that should have a folder, in batches. */
  expected(): AsyncIterable<string[]>
  /** Collects the entries that could not be handled, and those that storage did not make. */
  skips: Skips
  log: Log
  now: Date
  /** How long unknown folders stay in quarantine before they are deleted, in milliseconds. */
  quarantineMs: number
  /** Only report what would be done. */
  isDryRun?: boolean
}

/** What a sweep did, or would do, as folder names. */
export type ObjectSweepResult = {
  /** Restored from quarantine, because they belong to something again. */
  restored: string[]
  /** Moved to quarantine, because the database does not know them. */
  quarantined: string[]
  /** Deleted, because the database says that they were deleted, or their time in quarantine is over. */
  removed: string[]
  /** Expected but missing. */
  missing: string[]
}

// Objects are written before their row is recorded.
const SETTLING_MS = 3600_000
const BATCH = 500

/**
 * Compares stored folders with the database in both directions. An unknown folder is moved to quarantine, because the
 * database may be older than the files; it is restored when the database knows it again. A row without its folder is
 * only reported: if bytes are lost, or a disk is not mounted, removing the row would make it worse. An entry that cannot
 * be handled is skipped.
 */
export async function sweepObjects(sweep: ObjectSweep): Promise<ObjectSweepResult> {
  const { log, skips, isDryRun = false } = sweep
  const { restored, expired } = await reviewQuarantine(sweep)
  const { found, quarantined, removed } = await clearUnknown(sweep)
  const missing = await findMissing(sweep, new Set([...found, ...restored]))
  const result = { restored, quarantined, removed: [...removed, ...expired], missing }
  if (!isDryRun) {
    skips.report(log)
    if (restored.length > 0) log.info({ restored }, 'media folders restored from quarantine')
    if (quarantined.length > 0) {
      log.warn({ quarantined }, 'unknown media folders moved to quarantine')
    }
    if (result.removed.length > 0) log.info({ removed: result.removed }, 'unused media folders deleted')
  }
  if (missing.length > 0) log.error({ missing }, 'media files missing')
  return result
}

async function reviewQuarantine(sweep: ObjectSweep) {
  const { objects, skips, now, quarantineMs, isDryRun = false } = sweep
  const { quarantine } = objects
  const restored: string[] = []
  const expired: string[] = []
  const restore = async (id: string) => {
    if (isDryRun || (await quarantine.restore(id))) restored.push(id)
    await quarantine.requireOnlyFiles(id)
  }
  const remove = async (id: string) => {
    if (!isDryRun) await quarantine.remove(id)
    await quarantine.requireOnlyFiles(id)
    expired.push(id)
  }
  for await (const batch of inBatches(quarantine.list(skips.add))) {
    const knownFolders = await sweep.known(batch.map(({ id }) => id))
    for (const { id, since } of batch) {
      if (knownFolders.has(id)) await skips.attempt(id, () => restore(id))
      else if (since.getTime() <= now.getTime() - quarantineMs) await skips.attempt(id, () => remove(id))
    }
  }
  return { restored, expired }
}

async function clearUnknown({ objects, known, deleted, skips, now, isDryRun = false }: ObjectSweep) {
  const found = new Set<string>()
  const quarantined: string[] = []
  const removed: string[] = []
  const remove = async (folder: string) => {
    if (!isDryRun) await objects.remove(folder)
    await objects.requireOnlyFiles(folder)
    removed.push(folder)
  }
  // A folder with something of others in it stays as it is, because others have worked on it.
  const quarantine = async (folder: string) => {
    await objects.requireOnlyFiles(folder)
    if (!isDryRun) await objects.quarantine.add(folder)
    quarantined.push(folder)
  }
  for await (const listed of inBatches(objects.list(skips.add))) {
    for (const { folder } of listed) found.add(folder)
    const settled = listed
      .filter(({ writtenAt }) => writtenAt.getTime() <= now.getTime() - SETTLING_MS)
      .map(({ folder }) => folder)
    const knownFolders = await known(settled)
    const unknown = settled.filter((folder) => !knownFolders.has(folder))
    const deletedFolders = await deleted(unknown)
    for (const folder of unknown) {
      const work = deletedFolders.has(folder) ? remove : quarantine
      await skips.attempt(folder, () => work(folder))
    }
  }
  return { found, quarantined, removed }
}

async function findMissing({ objects, expected, skips }: ObjectSweep, found: Set<string>): Promise<string[]> {
  const missing: string[] = []
  for await (const folders of expected()) missing.push(...folders.filter((folder) => !found.has(folder)))
  const lost: string[] = []
  for (const folder of missing) {
    await skips.attempt(folder, async () => {
      // A file that was stored after the listing was read exists nevertheless.
      const file = await objects.open(folder, 'original')
      if (file) await file.close()
      else lost.push(folder)
    })
  }
  return lost
}

async function* inBatches<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item[]> {
  let batch: Item[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
