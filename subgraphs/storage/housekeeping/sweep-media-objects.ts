import { forgetAllowances, throughPrisma } from '../../../platform/allowances/allowance.ts'
import type { Clock } from '../../../platform/clock.ts'
import { isId } from '../../../platform/ids.ts'
import type { Log } from '../../../platform/log.ts'
import { timerDelay } from '../../../platform/timer-delay.ts'
import type { Db } from '../database.ts'
import { allMediaIds, knownMediaIds } from '../media/media-store.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import { sweepObjects } from '../objects/sweep-objects.ts'
import { REVOCATION_LIFETIME_MS } from '../revocations/follow-revocations.ts'
import { deletedMediaIds, forgetRevocations } from '../revocations/revocation-store.ts'
import type { RevokedTokens } from '../revocations/revoked-tokens.ts'
import { type Receiving, takeUp } from '../uploads/receiving.ts'
import { sweepUploads } from '../uploads/sweep-uploads.ts'
import { findUnfinished } from '../uploads/upload-store.ts'

/** The dependencies of housekeeping. */
export type Housekeeping = {
  receiving: Receiving
  objects: ObjectStore
  revocations: RevokedTokens
  db: Db
  clock: Clock
  log: Log
  /** The interval between upload sweeps, in milliseconds. Objects are swept once an hour. */
  intervalMs: number
  /** How long files that the database does not know are kept in quarantine, in milliseconds. */
  quarantineMs: number
}

const OBJECTS_INTERVAL_MS = 3600_000
// A user's rate limit has fully recovered after one minute, so older rows are not needed.
const KEEP_ALLOWANCES_MS = 3600_000

/** Resumes the uploads that an earlier process left, and starts the recurring cleanup. */
export function startHousekeeping(housekeeping: Housekeeping): { stop(): Promise<void> } {
  const { receiving, revocations, db, clock, intervalMs, quarantineMs } = housekeeping
  // Starts immediately but is not awaited, because an earlier process may have left a lot of work.
  let underWay: Promise<unknown> = attempt(housekeeping, 'taking up uploads', () => takeUp(receiving))
    .then(() => attempt(housekeeping, 'sweeping uploads', () => sweepUploads(receiving, quarantineMs)))
    .then(() => attempt(housekeeping, 'sweeping objects', () => sweepAllObjects(housekeeping)))
  // Runs one sweep at a time: if a sweep takes longer than its interval, the next one waits for it.
  const every = (ms: number, what: string, work: () => Promise<unknown>) =>
    setInterval(() => {
      underWay = underWay.then(() => attempt(housekeeping, what, work))
    }, timerDelay(ms)).unref()
  const timers = [
    every(intervalMs, 'sweeping uploads', () => sweepUploads(receiving, quarantineMs)),
    every(OBJECTS_INTERVAL_MS, 'sweeping objects', () => sweepAllObjects(housekeeping)),
    every(OBJECTS_INTERVAL_MS, 'forgetting revocations', async () => {
      const before = new Date(clock().getTime() - REVOCATION_LIFETIME_MS)
      revocations.dropOlderThan(before)
      await forgetRevocations(db, before)
      await forgetAllowances(throughPrisma(db), new Date(clock().getTime() - KEEP_ALLOWANCES_MS))
    }),
  ]
  return {
    async stop() {
      for (const timer of timers) clearInterval(timer)
      await underWay
    },
  }
}

/** Finds objects without a media row and media rows without objects. */
export function sweepAllObjects({
  objects,
  db,
  clock,
  log,
  quarantineMs,
  isDryRun = false,
}: Pick<Housekeeping, 'objects' | 'db' | 'clock' | 'log' | 'quarantineMs'> & { isDryRun?: boolean }) {
  return sweepObjects({
    objects,
    // An upload in verification has its object before its media row exists.
    known: async (folders) => {
      const pending = (await findUnfinished(db)).flatMap(({ mediaId }) => (mediaId ? [mediaId] : []))
      return new Set([...pending, ...(await knownMediaIds(db, folders.filter(isId)))])
    },
    deleted: (folders) => deletedMediaIds(db, folders.filter(isId)),
    expected: () => allMediaIds(db),
    log,
    quarantineMs,
    now: clock(),
    isDryRun,
  })
}

async function attempt({ log }: Housekeeping, what: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    log.error({ err: error }, `${what} failed and will be tried again`)
  }
}
