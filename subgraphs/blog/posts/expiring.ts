import type { RecurringJob } from '../../../platform/jobs/jobs.ts'
import { timedJob } from '../../../platform/jobs/timed-job.ts'
import { deleteExpiredPost } from './delete-post.ts'
import { findExpiringPosts } from './expiry-store.ts'
import type { Settling } from './settlement.ts'

const BATCH = 50

/**
 * The job that deletes posts when they expire, with their likes, comments and notifications. Nobody sees a post from its
 * expiry on, whether it is deleted yet or not.
 */
export function expiringJob(settling: Settling, everyMs: number | undefined): RecurringJob {
  const { db, clock } = settling
  return timedJob(
    {
      name: 'delete expired posts',
      clock,
      findDue: (at) => findExpiringPosts(db, at, BATCH),
      work: (post) => deleteExpiredPost(settling, post),
    },
    everyMs,
  )
}
