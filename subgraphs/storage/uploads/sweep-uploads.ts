import type { RecurringJob } from '../../../platform/jobs/jobs.ts'
import { createSkips, type Skips } from '../objects/skipped-entries.ts'
import { giveUp, type Receiving, releaseAbandonedRoom, resumeUploads } from './receiving.ts'
import { UNFINISHED } from './upload.ts'
import { batchesOf } from './upload-files.ts'
import { findUnfinished, findUploads, forgetFinished } from './upload-store.ts'

/** The dependencies of sweeping uploads. */
export type UploadSweep = Pick<Receiving, 'db' | 'files' | 'locks' | 'clock' | 'log'> & {
  /** Collects the entries that could not be handled, and those that storage did not make. */
  skips: Skips
  /** Only report what would be done. */
  isDryRun?: boolean
}

const REMEMBERED_MS = 30 * 24 * 3600_000
// A file may be slightly older than the state that explains it.
const SETTLING_MS = 60_000
const BATCH = 500

/**
 * Gives up expired uploads, resumes those that wait for verification, releases space that is held for nothing, and
 * removes files that belong to no unfinished upload. It skips uploads that are receiving bytes, and those whose files
 * cannot be handled.
 */
async function sweepUploads(receiving: Receiving, skips: Skips, quarantineMs: number): Promise<void> {
  const sweep = { ...receiving, skips }
  // Runs first, because a restored upload may be complete or expired.
  await reviewUploadQuarantine(sweep, quarantineMs)
  await giveUpExpired(sweep)
  await resumeUploads(receiving, skips)
  await releaseAbandonedRoom(receiving, skips)
  await removeStrayFiles(sweep)
  await forgetFinished(receiving.db, new Date(receiving.clock().getTime() - REMEMBERED_MS))
}

/**
 * The job that sweeps uploads. Its first run begins with the uploads that an earlier process left: an upload whose last
 * byte arrived before the database recorded it must not be given up because it has expired meanwhile.
 */
export function uploadSweepJob(
  receiving: Receiving,
  { everyMs, quarantineMs }: { everyMs: number; quarantineMs: number },
): RecurringJob {
  let isResumed = false
  return {
    name: 'sweep uploads',
    everyMs,
    // A worker that replaces another one resumes its uploads at once.
    inEveryProcess: true,
    async run() {
      const skips = createSkips()
      if (!isResumed) await resumeUploads(receiving, skips)
      isResumed = true
      await sweepUploads(receiving, skips, quarantineMs)
      skips.report(receiving.log)
    },
  }
}

/** Gives up expired uploads and returns their ids. */
export async function giveUpExpired(sweep: UploadSweep): Promise<string[]> {
  const { db, locks, skips, clock, log, isDryRun } = sweep
  const now = clock()
  const expired: string[] = []
  for (const { id, state, expiresAt } of await findUnfinished(db)) {
    if (state === 'VERIFYING' || expiresAt > now || (await locks.isHeldAnywhere(id))) continue
    await skips.attempt(id, async () => {
      if (!isDryRun && !(await giveUp(sweep, id, 'EXPIRED', expiresAt))) return
      expired.push(id)
      if (!isDryRun) log.info({ uploadId: id }, 'expired upload given up')
    })
  }
  return expired
}

/** The result of removing files that belong to no unfinished upload, as upload ids. */
export type StrayFiles = {
  /** Deleted, because their upload has ended. */
  removed: string[]
  /** Moved to quarantine, because the database does not know their upload. */
  quarantined: string[]
}

/** Removes files of ended uploads, and moves files of unknown uploads to quarantine. */
export async function removeStrayFiles(sweep: UploadSweep): Promise<StrayFiles> {
  const { db, files, locks, skips, log, isDryRun } = sweep
  const storedFiles = await files.list(skips.add)
  const strays: StrayFiles = { removed: [], quarantined: [] }
  const remove = async (id: string) => {
    // Several processes sweep at the same time, and one of them removes it.
    if (!isDryRun && !(await files.remove(id))) return
    strays.removed.push(id)
    if (!isDryRun) log.info({ uploadId: id }, 'file of ended upload removed')
  }
  const quarantine = async (id: string) => {
    if (!isDryRun && !(await files.quarantine.add(id))) return
    strays.quarantined.push(id)
    if (!isDryRun) log.warn({ uploadId: id }, 'file of unknown upload moved to quarantine')
  }
  for (const batch of batchesOf(storedFiles, BATCH)) {
    const states = await statesOf(
      db,
      batch.map(({ id }) => id),
    )
    for (const { id, writtenAt } of batch) {
      const state = states.get(id)
      if (isUnfinished(state)) continue
      if (writtenAt.getTime() > Date.now() - SETTLING_MS || (await locks.isHeldAnywhere(id))) continue
      await skips.attempt(id, () => (state ? remove(id) : quarantine(id)))
    }
  }
  return strays
}

/** Restores files whose upload is known again, and deletes files whose time in quarantine is over. */
export async function reviewUploadQuarantine(
  { db, files, skips, log, isDryRun }: UploadSweep,
  quarantineMs: number,
): Promise<{ restored: string[]; removed: string[] }> {
  const quarantined: { id: string; since: Date }[] = []
  for await (const entry of files.quarantine.list(skips.add)) quarantined.push(entry)
  const states = await statesOf(
    db,
    quarantined.map(({ id }) => id),
  )
  const [restored, removed]: [string[], string[]] = [[], []]
  const restore = async (id: string) => {
    if (isDryRun || (await files.quarantine.restore(id))) restored.push(id)
    await files.quarantine.requireOnlyFiles(id)
  }
  const remove = async (id: string) => {
    if (!isDryRun) await files.quarantine.remove(id)
    await files.quarantine.requireOnlyFiles(id)
    removed.push(id)
  }
  for (const { id, since } of quarantined) {
    if (isUnfinished(states.get(id))) await skips.attempt(id, () => restore(id))
    else if (since.getTime() <= Date.now() - quarantineMs) await skips.attempt(id, () => remove(id))
  }
  if (!isDryRun && restored.length > 0) log.info({ restored }, 'upload files restored from quarantine')
  return { restored, removed }
}

async function statesOf(db: UploadSweep['db'], ids: readonly string[]) {
  return new Map((await findUploads(db, ids)).map(({ id, state }) => [id, state]))
}

function isUnfinished(state: string | undefined): boolean {
  return state !== undefined && (UNFINISHED as readonly string[]).includes(state)
}
