import { Prisma } from '../../../generated/prisma/blog/client.ts'
import type { Db } from '../database.ts'
import type { VisibleComment } from './visible-comment.ts'

/** The comment that an earlier call of the author with the same client mutation id added to a post; null if there is none. */
export function findRepeatedComment(
  db: Db,
  key: { authorId: string; postId: string; clientMutationId: string },
): Promise<{ id: string; deletedAt: Date | null } | null> {
  return db.comment.findUnique({
    where: { authorId_clientMutationId_postId: key },
    select: { id: true, deletedAt: true },
  })
}

/**
 * Locks a published post, counts a new comment on it, and returns the comment's number and the post's moblog.
 *
 * @throws an error that `isMissingPost` recognizes if there is no such post
 */
export async function countComment(
  tx: Db,
  postId: string,
  authorId: string,
  now: Date,
): Promise<{ number: number; moblogId: string }> {
  const { lastComment, moblogId } = await tx.post.update({
    where: { id: postId, state: 'PUBLISHED' },
    data: { commentCount: { increment: 1 }, lastComment: { increment: 1 } },
    select: { lastComment: true, moblogId: true },
  })
  await tx.$executeRaw`
    INSERT INTO post_commenter (post_id, user_id, first_at, comment_count)
    VALUES (${postId}::uuid, ${authorId}::uuid, ${now}, 1)
    ON CONFLICT (post_id, user_id) DO UPDATE SET comment_count = post_commenter.comment_count + 1`
  return { number: lastComment, moblogId }
}

/**
 * Inserts a comment.
 *
 * @throws an error that `isRepeatedComment` recognizes if the author has a comment with the same client mutation id on the post
 */
export async function insertComment(
  tx: Db,
  data: VisibleComment & { clientMutationId: string | null },
): Promise<void> {
  await tx.comment.create({ data, select: { id: true } })
}

/** Whether an error means that the post does not exist. */
export function isMissingPost(error: unknown): boolean {
  return isPrismaError(error, 'P2025')
}

/** Whether an error means that a comment with the same client mutation id exists. */
export function isRepeatedComment(error: unknown): boolean {
  return isPrismaError(error, 'P2002')
}

function isPrismaError(error: unknown, code: string): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === code
}

/** A user's own comment, even if the user may not see its post; null if there is none. */
export function findOwnComment(
  db: Db,
  id: string,
  authorId: string,
): Promise<Pick<VisibleComment, 'id' | 'postId' | 'authorId'> | null> {
  return db.comment.findUnique({
    where: { id, authorId, deletedAt: null },
    select: { id: true, postId: true, authorId: true },
  })
}

/** Whether a comment exists and is not deleted. */
export async function isCommentPresent(db: Db, id: string): Promise<boolean> {
  return (await db.comment.count({ where: { id, deletedAt: null } })) > 0
}

/** The moblog that a published post is in; null if there is no such post. */
export function findCommentedPost(db: Db, id: string): Promise<{ moblogId: string } | null> {
  return db.post.findUnique({ where: { id, state: 'PUBLISHED' }, select: { moblogId: true } })
}

/**
 * Empties a comment and subtracts it from the counts. The post is locked first, as in every change of its counts. An
 * empty row remains, so that a late retry of the request that added the comment is recognized and does not add it
 * again. It keeps what the comment replied to, and loses its likes.
 *
 * @returns whether other users than the author of the post may have been notified of the comment or of its likes; null
 *   if the comment was deleted before
 */
export async function emptyComment(tx: Db, id: string, now: Date): Promise<{ hasNotified: boolean } | null> {
  const [emptied] = await tx.$queryRaw<{ hasNotified: boolean }[]>`
    WITH target AS (
      SELECT post.id FROM post JOIN comment ON comment.post_id = post.id
      WHERE comment.id = ${id}::uuid FOR NO KEY UPDATE OF post
    ), removed AS (
      UPDATE comment SET text = '', number = NULL, deleted_at = ${now} FROM target
      WHERE comment.id = ${id}::uuid AND comment.post_id = target.id AND deleted_at IS NULL
      RETURNING comment.post_id, comment.author_id, comment.reply_to_id, comment.like_count
    ), counted AS (
      UPDATE post_commenter SET comment_count = post_commenter.comment_count - 1 FROM removed
      WHERE post_commenter.post_id = removed.post_id AND user_id = removed.author_id
    )
    UPDATE post SET comment_count = comment_count - 1 FROM removed WHERE post.id = removed.post_id
    RETURNING removed.reply_to_id IS NOT NULL OR removed.like_count > 0 AS "hasNotified"`
  // A separate statement: it also sees a like that was added while the one above waited for the comment's row.
  if (emptied) await tx.commentLike.deleteMany({ where: { commentId: id } })
  return emptied ?? null
}

/** Removes the rows that remain of comments deleted before this instant. */
export async function purgeDeletedComments(db: Db, deletedBefore: Date): Promise<void> {
  await db.comment.deleteMany({ where: { deletedAt: { lt: deletedBefore } } })
}
