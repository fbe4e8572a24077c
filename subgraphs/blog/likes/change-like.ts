import type { Clock } from '../../../platform/clock.ts'
import type { ReportActivity } from '../activity/activity-reports.ts'
import { type Db, inTransaction, type RootDb } from '../database.ts'
import { type ChangedLike, insertLike, type LikedPost, retireLike } from './like-store.ts'

/** The dependencies of changing likes. */
export type ChangingLikes = { db: RootDb; clock: Clock; reportActivity: ReportActivity }

/** Adds a user's like to a published post and reports it, unless the user already likes the post. */
export function addLike(likes: ChangingLikes, post: LikedPost, userId: string): Promise<void> {
  return changeLike(likes, 'LIKED', post, userId, (tx) => insertLike(tx, post.id, userId))
}

/** Takes back a user's like and reports it, if the user likes the post. */
export function removeLike(likes: ChangingLikes, post: LikedPost, userId: string): Promise<void> {
  const now = likes.clock()
  return changeLike(likes, 'UNLIKED', post, userId, (tx) => retireLike(tx, post.id, userId, now))
}

async function changeLike(
  { db, reportActivity }: ChangingLikes,
  kind: 'LIKED' | 'UNLIKED',
  { id: postId, moblogId: authorId }: LikedPost,
  actorId: string,
  change: (tx: Db) => Promise<ChangedLike[]>,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const [changed] = await change(tx)
    if (changed && actorId !== authorId) {
      await reportActivity(tx, { kind, postId, authorId, actorId, ...changed })
    }
  })
}
