import type { Log } from '../../../platform/log.ts'
import { type Repeating, startRepeating } from '../repeating.ts'
import { findDuePosts, postpone } from './post-writes.ts'
import { type SettlementDependencies, settlePost } from './settlement.ts'

const BATCH = 50

/**
 * Starts settling posts that other calls or processes left unsettled. The posts are their own outbox: each change
 * records in the same transaction that `communication` does not know the new state yet, and the report always contains
 * the current state. Replicas may do the same work twice, because reports with old revisions have no effect.
 */
export function startSettling(dependencies: SettlementDependencies, log: Log, everyMs = 1_000): Repeating {
  return startRepeating('post settlement', () => settleDue(dependencies), { everyMs, log })
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
