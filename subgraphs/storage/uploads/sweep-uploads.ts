import { giveUp, type Receiving, takeUp } from './receiving.ts'
import { UNFINISHED } from './upload.ts'
import { findUnfinished, findUploads, forgetFinished } from './upload-store.ts'

/** What clearing away uploads needs. */
export type UploadSweep = Pick<Receiving, 'db' | 'files' | 'locks' | 'clock' | 'log'> & {
  /** Only says what would be done. */
  isDryRun?: boolean
}

const REMEMBERED_MS = 30 * 24 * 3600_000
// A file may be a moment older than the state that explains it.
const SETTLING_MS = 60_000

/**
 * Gives up uploads whose time is over, takes up those that wait to be verified, and removes files that belong to no
 * unfinished upload. An upload that bytes are arriving for is left alone.
 */
export async function sweepUploads(receiving: Receiving): Promise<void> {
  await giveUpExpired(receiving)
  await takeUp(receiving)
  await removeStrayFiles(receiving)
  await forgetFinished(receiving.db, new Date(receiving.clock().getTime() - REMEMBERED_MS))
}

/** Gives up uploads whose time is over; answers which. */
export async function giveUpExpired(sweep: UploadSweep): Promise<string[]> {
  const { db, locks, clock, log, isDryRun } = sweep
  const now = clock()
  const expired: string[] = []
  for (const { id, state, expiresAt } of await findUnfinished(db)) {
    if (state === 'VERIFYING' || expiresAt > now || locks.isHeld(id)) continue
    if (!isDryRun && !(await giveUp(sweep, id, 'EXPIRED'))) continue
    expired.push(id)
    if (!isDryRun) log.info({ uploadId: id }, 'an upload was given up')
  }
  return expired
}

/** Removes files that belong to no unfinished upload; answers which uploads they were of. */
export async function removeStrayFiles({ db, files, locks, log, isDryRun }: UploadSweep): Promise<string[]> {
  const lying = await files.list()
  const ids = lying.map(({ id }) => id)
  const states = new Map((await findUploads(db, ids)).map(({ id, state }) => [id, state]))
  const strays: string[] = []
  for (const { id, writtenAt } of lying) {
    const state = states.get(id)
    if (state && (UNFINISHED as readonly string[]).includes(state)) continue
    if (writtenAt.getTime() > Date.now() - SETTLING_MS || locks.isHeld(id)) continue
    strays.push(id)
    if (isDryRun) continue
    await files.remove(id)
    log.info({ uploadId: id }, 'a file without an unfinished upload was removed')
  }
  return strays
}
