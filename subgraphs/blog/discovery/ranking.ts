import type { RecurringJob } from '../../../platform/jobs/jobs.ts'
import { inTransaction, type RootDb } from '../database.ts'
import { rankMoblogs, takeDueMoblogs } from './ranking-store.ts'

const BATCH = 200

/**
 * The job that updates the ranks of moblogs. Triggers mark the moblogs that have new activity
 * (prisma/blog/migrations). Replicas take different moblogs.
 */
export function rankingJob(db: RootDb, everyMs = 1_000): RecurringJob {
  return {
    name: 'rank moblogs',
    everyMs,
    async run() {
      while ((await rankDueMoblogs(db)) === BATCH);
    },
  }
}

/**
 * Ranks the moblogs that have new activity and returns how many it ranked. It deletes their marks first and computes
 * the ranks in a later statement. Activity that arrives in between sets a new mark, so none is missed.
 */
function rankDueMoblogs(db: RootDb): Promise<number> {
  return inTransaction(db, async (tx) => {
    const ids = await takeDueMoblogs(tx, BATCH)
    if (ids.length > 0) await rankMoblogs(tx, ids)
    return ids.length
  })
}
