import type { Log } from '../../../platform/log.ts'
import { type Repeating, startRepeating } from '../repeating.ts'
import { findDuePosts, postpone, purgeDeletedPosts } from './post-writes.ts'
import { type SettlementDependencies, settlePost } from './settlement.ts'

const BATCH = 50
const PURGE_EVERY_MS = 3_600_000
// Longer than a client goes on repeating a request.
const KEEP_DELETED_MS = 7 * 86_400_000

/**
 * Takes up, from now until it is stopped, what other calls or processes left unsettled. The posts themselves are the
 * outbox: a row tells whether `communication` knows what it says, in the same transaction that changes it, and what has
 * to be told is always the present state. Replicas may do the same work twice; reports with old revisions do nothing.
 */
export function startSettling(dependencies: SettlementDependencies, log: Log, everyMs = 1_000): Repeating {
  let purgedAt = 0
  const work = async () => {
    await settleDue(dependencies)
    if (Date.now() - purgedAt < PURGE_EVERY_MS) return
    purgedAt = Date.now()
    await purgeDeletedPosts(dependencies.prisma, new Date(dependencies.clock().getTime() - KEEP_DELETED_MS))
  }
  return startRepeating('settling posts', work, { everyMs, log })
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
