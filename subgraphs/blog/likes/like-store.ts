import type { Db } from '../database.ts'

// Both statements lock the post before the like, in the same order as deleting the post, so that they cannot deadlock.
// The count changes in the same statement as the like, so it is correct under concurrency. A like that is taken back
// keeps a hidden row with the instant of the first like, so that liking again does not renew that instant.

// Likes are reported with the database's time, read while the post is locked. Replicas whose clocks differ therefore
// agree on which of two changes was later.

/** A post that a user likes, and the moblog that it is in. */
export type LikedPost = { id: string; moblogId: string }

/** A change of a like. */
export type ChangedLike = { occurredAt: Date }

/** A published post that a user likes, even if the user may no longer see it; null if there is none. */
export function findLikedPost(db: Db, id: string, userId: string): Promise<LikedPost | null> {
  return db.post.findFirst({
    where: { id, state: 'PUBLISHED', likes: { some: { userId, removedAt: null } } },
    select: { id: true, moblogId: true },
  })
}

/** Adds a like of a published post. Empty if the user already likes the post. */
export function insertLike(tx: Db, postId: string, userId: string): Promise<ChangedLike[]> {
  return tx.$queryRaw`
    WITH target AS (
      SELECT id FROM post WHERE id = ${postId}::uuid AND state = 'PUBLISHED' FOR NO KEY UPDATE
    ), added AS (
      INSERT INTO post_like (post_id, user_id) SELECT id, ${userId}::uuid FROM target
      ON CONFLICT (post_id, user_id) DO UPDATE SET removed_at = NULL WHERE post_like.removed_at IS NOT NULL
      RETURNING post_id
    )
    UPDATE post SET like_count = like_count + 1 FROM added WHERE post.id = added.post_id
    RETURNING clock_timestamp() AS "occurredAt"`
}

/** Takes back a like. Empty if the user does not like the post. */
export function retireLike(tx: Db, postId: string, userId: string, now: Date): Promise<ChangedLike[]> {
  return tx.$queryRaw`
    WITH target AS (
      SELECT id FROM post WHERE id = ${postId}::uuid AND state = 'PUBLISHED' FOR NO KEY UPDATE
    ), removed AS (
      UPDATE post_like SET removed_at = ${now} FROM target
      WHERE post_id = target.id AND user_id = ${userId}::uuid AND removed_at IS NULL RETURNING post_id
    )
    UPDATE post SET like_count = like_count - 1 FROM removed WHERE post.id = removed.post_id
    RETURNING clock_timestamp() AS "occurredAt"`
}
