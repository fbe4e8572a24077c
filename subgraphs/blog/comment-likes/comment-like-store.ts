import type { Db, Pool } from '../database.ts'

// Both statements lock the comment first, as the deletion of a comment does. The count changes in the same statement as
// the like, so it is correct under concurrency. Likes are reported with the database's time, as those of posts.

/** A comment that a user likes, with its author and the moblog of its post. */
export type LikedComment = { id: string; postId: string; authorId: string; moblogId: string }

/** A change of a like. */
export type ChangedCommentLike = { occurredAt: Date }

/** A comment that a user likes, even if the user may no longer see it; null if there is none. */
export async function findLikedComment(db: Db, id: string, userId: string): Promise<LikedComment | null> {
  const [found] = await db.$queryRaw<LikedComment[]>`
    SELECT comment.id, comment.post_id AS "postId", comment.author_id AS "authorId", post.moblog_id AS "moblogId"
    FROM comment JOIN post ON post.id = comment.post_id
    JOIN comment_like ON comment_like.comment_id = comment.id AND comment_like.user_id = ${userId}::uuid
    WHERE comment.id = ${id}::uuid AND comment.number IS NOT NULL`
  return found ?? null
}

/** Adds a like of a comment. Empty if the user already likes the comment, or if the comment is deleted. */
export function insertCommentLike(tx: Db, commentId: string, userId: string): Promise<ChangedCommentLike[]> {
  return tx.$queryRaw`
    WITH target AS (
      SELECT id FROM comment WHERE id = ${commentId}::uuid AND number IS NOT NULL FOR NO KEY UPDATE
    ), added AS (
      INSERT INTO comment_like (comment_id, user_id) SELECT id, ${userId}::uuid FROM target
      ON CONFLICT DO NOTHING RETURNING comment_id
    )
    UPDATE comment SET like_count = like_count + 1 FROM added WHERE comment.id = added.comment_id
    RETURNING clock_timestamp() AS "occurredAt"`
}

/** Takes back a like of a comment. Empty if the user does not like the comment. */
export function deleteCommentLike(tx: Db, commentId: string, userId: string): Promise<ChangedCommentLike[]> {
  return tx.$queryRaw`
    WITH target AS (
      SELECT id FROM comment WHERE id = ${commentId}::uuid AND number IS NOT NULL FOR NO KEY UPDATE
    ), removed AS (
      DELETE FROM comment_like USING target WHERE comment_id = target.id AND user_id = ${userId}::uuid
      RETURNING comment_id
    )
    UPDATE comment SET like_count = like_count - 1 FROM removed WHERE comment.id = removed.comment_id
    RETURNING clock_timestamp() AS "occurredAt"`
}

/** Which of these comments a user likes, in the order of `ids`. */
export async function findLikedComments(
  pool: Pool,
  userId: string,
  ids: readonly string[],
): Promise<boolean[]> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'liked-comments',
    text: `SELECT comment_id AS id FROM comment_like WHERE user_id = $1 AND comment_id = ANY ($2::uuid[])`,
    values: [userId, ids],
  })
  const liked = new Set(rows.map(({ id }) => id))
  return ids.map((id) => liked.has(id))
}
