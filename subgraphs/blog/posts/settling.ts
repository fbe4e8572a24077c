import type { RecurringJob } from '../../../platform/jobs/jobs.ts'
import { findDuePosts, postpone } from './post-writes.ts'
import { type SettlementDependencies, settlePost } from './settlement.ts'

const BATCH = 50

/**
 * The job that settles posts which other calls or processes left unsettled. The posts are their own outbox: each change
 * records in the same transaction that `communication` does not know the new state yet, and the report always contains
 * the current state. Replicas may do the same work twice, because reports with old revisions have no effect.
 */
export function settlingJob(dependencies: SettlementDependencies, everyMs = 1_000): RecurringJob {
  return { name: 'settle posts', everyMs, run: () => settleDue(dependencies) }
}

async function settleDue(dependencies: SettlementDependencies): Promise<void> {
  const { prisma, clock } = dependencies
  const ids = await findDuePosts(prisma, clock(), BATCH)
  const settle = async (id: string) => {
    try {
      await settlePost(dependencies, id)
    } catch (error) {
      await postpone(prisma, id, clock())
      throw error
    }
  }
  const failed = (await Promise.allSettled(ids.map(settle))).find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') throw failed.reason
}
