import type { Clock } from '../../../platform/clock.ts'
import type { RecurringJob } from '../../../platform/jobs/jobs.ts'
import type { Log } from '../../../platform/log.ts'
import type { Pool } from '../database.ts'
import { pruneNotifications, pruneRetractions } from './retention-store.ts'

const EVERY_MS = 60 * 60 * 1000
const DAY_MS = 24 * EVERY_MS

/** The job that deletes old notifications and retractions. */
export function pruningJob(options: {
  pool: Pool
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
