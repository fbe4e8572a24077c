import type { RecurringJob } from '../../../platform/jobs/jobs.ts'
import { type Settling, settlePost } from './settlement.ts'
import { findDuePosts, postpone } from './settlement-store.ts'

const BATCH = 50

/**
 * The job that settles posts which other calls or processes left unsettled. The posts are their own outbox: each change
 * records in the same transaction that `communication` does not know the new state yet, and the report always contains
 * the current state. Replicas may do the same work twice, because reports with old revisions have no effect.
 */
export function settlingJob(settling: Settling, everyMs = 1_000): RecurringJob {
  return { name: 'settle posts', everyMs, run: () => settleDue(settling) }
}

async function settleDue(settling: Settling): Promise<void> {
  const { db, clock } = settling
  const ids = await findDuePosts(db, clock(), BATCH)
  const settle = async (id: string) => {
    try {
      await settlePost(settling, id)
    } catch (error) {
      await postpone(db, id, clock())
      throw error
    }
  }
  const failed = (await Promise.allSettled(ids.map(settle))).find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') throw failed.reason
}
