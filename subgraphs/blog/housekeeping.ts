import type pg from 'pg'
import type { PrismaClient } from '../../generated/prisma/blog/client.ts'
import { forgetAllowances } from '../../platform/allowances/allowance.ts'
import type { Clock } from '../../platform/clock.ts'
import { statementsOn } from '../../platform/database/pool.ts'
import type { RecurringJob } from '../../platform/jobs/jobs.ts'
import { purgeDeletedComments } from './comments/comment-writes.ts'
import { purgeDeletedPosts } from './posts/post-writes.ts'

const EVERY_MS = 3_600_000
// Longer than clients keep retrying a request.
const KEEP_DELETED_MS = 7 * 86_400_000
// Rate limits are fully available again after a minute.
const KEEP_ALLOWANCES_MS = 3_600_000

/** The job that removes the rows that remain of posts and comments deleted long ago, and old rate limits. */
export function housekeepingJob(dependencies: {
  prisma: PrismaClient
  pool: pg.Pool
  clock: Clock
}): RecurringJob {
  const { prisma, pool, clock } = dependencies
  return {
    name: 'housekeeping',
    everyMs: EVERY_MS,
    async run() {
      const before = new Date(clock().getTime() - KEEP_DELETED_MS)
      await purgeDeletedPosts(prisma, before)
      await purgeDeletedComments(prisma, before)
      await forgetAllowances(statementsOn(pool), new Date(clock().getTime() - KEEP_ALLOWANCES_MS))
    },
  }
}
