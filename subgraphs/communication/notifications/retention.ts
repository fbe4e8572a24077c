import type pg from 'pg'
import type { Clock } from '../../../platform/clock.ts'
import type { RecurringJob } from '../../../platform/jobs/jobs.ts'
import type { Log } from '../../../platform/log.ts'

const EVERY_MS = 60 * 60 * 1000
const DAY_MS = 24 * EVERY_MS
const BATCH = 5_000

/**
 * Deletes notifications that are older than the retention, read or not, in small batches. Several processes may run it.
 *
 * @returns how many were deleted
 */
export async function pruneNotifications(pool: pg.Pool, before: Date): Promise<number> {
  let pruned = 0
  for (;;) {
    const { rowCount } = await pool.query(
      `WITH old AS (
         SELECT user_id, position FROM notifications WHERE created_at < $1 LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
       DELETE FROM notifications n USING old WHERE n.user_id = old.user_id AND n.position = old.position`,
      [before],
    )
    pruned += rowCount ?? 0
    if ((rowCount ?? 0) < BATCH) return pruned
  }
}

/**
 * Deletes retractions that are older than every notification that they could hide, in small batches.
 *
 * @param before earlier than the limit of `pruneNotifications`, because the clocks of services differ
 */
export async function pruneRetractions(pool: pg.Pool, before: Date): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query(
      `DELETE FROM retractions WHERE subject IN (
         SELECT subject FROM retractions WHERE at < $1 LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)`,
      [before],
    )
    if ((rowCount ?? 0) < BATCH) return
  }
}

/** The job that deletes old notifications and retractions. */
export function pruningJob(options: {
  pool: pg.Pool
  clock: Clock
  retentionDays: number
  log: Log
}): RecurringJob {
  const { pool, clock, retentionDays, log } = options
  return {
    name: 'prune notifications',
    everyMs: EVERY_MS,
    async run() {
      const before = new Date(clock().getTime() - retentionDays * DAY_MS)
      const pruned = await pruneNotifications(pool, before)
      await pruneRetractions(pool, new Date(before.getTime() - DAY_MS))
      log.debug({ pruned }, 'old notifications deleted')
    },
  }
}
