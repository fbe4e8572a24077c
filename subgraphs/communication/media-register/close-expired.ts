import type { Clock } from '../../../platform/clock.ts'
import type { RecurringJob } from '../../../platform/jobs/jobs.ts'
import { timedJob } from '../../../platform/jobs/timed-job.ts'
import { inTransaction, type RootDb } from '../database.ts'
import { closePost, type ExpiringPost, findExpiring, holdExpired } from './expiry-store.ts'
import { revokeNarrowed } from './post-audience.ts'
import { holdMedia } from './post-audience-store.ts'
import type { OnMediaRevoked } from './register-store.ts'

const BATCH = 50

/** What closing expired posts needs. */
export type Closing = { db: RootDb; clock: Clock; onRevoked: OnMediaRevoked }

/**
 * The job that revokes the tokens for media of posts when they expire. No decision waits for it: from the expiry on nobody
 * gets a token, and no token lives longer than the post. It ends responses that have begun.
 */
export function closingJob(closing: Closing, everyMs: number | undefined): RecurringJob {
  const { db, clock } = closing
  return timedJob(
    {
      name: 'close expired posts',
      clock,
      findDue: (at) => findExpiring(db, at, BATCH),
      work: (post) => closeExpiredPost(closing, post),
    },
    everyMs,
  )
}

function closeExpiredPost(
  { db, clock, onRevoked }: Closing,
  { postId, ownerId, at }: ExpiringPost,
): Promise<void> {
  const now = new Date(Math.max(clock().getTime(), at.getTime()))
  return inTransaction(db, async (tx) => {
    if (!(await holdExpired(tx, postId, now))) return
    const held = await holdMedia(tx, { postId, ownerId, mediaIds: [] })
    await revokeNarrowed(tx, { ownerId, mediaIds: held }, now, onRevoked, () => closePost(tx, postId))
  })
}
