import { Prisma, type PrismaClient } from '../../../generated/prisma/blog/client.ts'
import { newId } from '../../../platform/ids.ts'
import type { ReportActivity } from '../activity/activity-reports.ts'
import type { VisibleComment } from './visible-comment.ts'

/** A checked and cleaned comment that is to be added. */
export type NewComment = { postId: string; text: string; clientMutationId: string | null }

/** The outcome of adding a comment. */
export type CommentOutcome = { kind: 'added'; commentId: string } | { kind: 'deletedSince' | 'noSuchPost' }

/**
 * Adds a comment to a published post and counts it. Repeating a client mutation id of the same author adds no second
 * comment. The post is locked while the comment gets its number, so comments become visible in the order of their
 * numbers and no page skips one.
 */
export async function insertComment(
  { prisma, reportActivity }: { prisma: PrismaClient; reportActivity: ReportActivity },
  authorId: string,
  { postId, text, clientMutationId }: NewComment,
  now: Date,
): Promise<CommentOutcome> {
  const existing = await findRepeated(prisma, authorId, clientMutationId)
  if (existing) return existing
  try {
    const commentId = await prisma.$transaction(async (transaction) => {
      const { lastComment, moblogId } = await transaction.post.update({
        where: { id: postId, state: 'PUBLISHED' },
        data: { commentCount: { increment: 1 }, lastComment: { increment: 1 } },
        select: { lastComment: true, moblogId: true },
      })
      await countCommenter(transaction, postId, authorId, now)
      const id = newId()
      const data = { id, postId, number: lastComment, authorId, text, createdAt: now, clientMutationId }
      await transaction.comment.create({ data, select: { id: true } })
      if (authorId !== moblogId) {
        const happened = { postId, authorId: moblogId, occurredAt: now }
        await reportActivity(transaction, {
          kind: 'COMMENTED',
          actorId: authorId,
          commentId: id,
          ...happened,
        })
      }
      return id
    })
    return { kind: 'added', commentId }
  } catch (error) {
    if (isPrismaError(error, 'P2025')) return { kind: 'noSuchPost' }
    const repeated = isPrismaError(error, 'P2002') && (await findRepeated(prisma, authorId, clientMutationId))
    if (repeated) return repeated
    throw error
  }
}

async function findRepeated(
  prisma: PrismaClient,
  authorId: string,
  clientMutationId: string | null,
): Promise<CommentOutcome | null> {
  if (clientMutationId === null) return null
  const where = { authorId_clientMutationId: { authorId, clientMutationId } }
  const comment = await prisma.comment.findUnique({ where, select: { id: true, deletedAt: true } })
  if (comment?.deletedAt) return { kind: 'deletedSince' }
  return comment && { kind: 'added', commentId: comment.id }
}

async function countCommenter(
  tx: Prisma.TransactionClient,
  postId: string,
  userId: string,
  now: Date,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO post_commenter (post_id, user_id, first_at, comment_count)
    VALUES (${postId}::uuid, ${userId}::uuid, ${now}, 1)
    ON CONFLICT (post_id, user_id) DO UPDATE SET comment_count = post_commenter.comment_count + 1`
}

function isPrismaError(error: unknown, code: string): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === code
}

/** A user's own comment, even if the user may not see its post; null if there is none. */
export function findOwnComment(
  prisma: PrismaClient,
  id: string,
  authorId: string,
): Promise<Pick<VisibleComment, 'id' | 'postId' | 'authorId'> | null> {
  return prisma.comment.findUnique({
    where: { id, authorId, deletedAt: null },
    select: { id: true, postId: true, authorId: true },
  })
}

/** The moblog that a published post is in; null if there is no such post. */
export function findCommentedPost(prisma: PrismaClient, id: string): Promise<{ moblogId: string } | null> {
  return prisma.post.findUnique({ where: { id, state: 'PUBLISHED' }, select: { moblogId: true } })
}

/**
 * Deletes a comment, subtracts it from the counts and reports the deletion. The post is locked first, as in every
 * change of its counts. An empty row remains, so that a late retry of the request that added the comment is recognized
 * and does not add it again.
 */
export async function removeComment(
  { prisma, reportActivity }: { prisma: PrismaClient; reportActivity: ReportActivity },
  { id: commentId, postId, authorId: actorId }: Pick<VisibleComment, 'id' | 'postId' | 'authorId'>,
  { moblogId: authorId }: { moblogId: string },
  now: Date,
): Promise<void> {
  await prisma.$transaction(async (transaction) => {
    const count = await emptyComment(transaction, commentId, now)
    if (count === 0 || actorId === authorId) return
    const happened = { postId, authorId, actorId, commentId, occurredAt: now }
    await reportActivity(transaction, { kind: 'COMMENT_DELETED', ...happened })
  })
}

function emptyComment(tx: Prisma.TransactionClient, id: string, now: Date): Promise<number> {
  return tx.$executeRaw`
    WITH target AS (
      SELECT post.id FROM post JOIN comment ON comment.post_id = post.id
      WHERE comment.id = ${id}::uuid FOR NO KEY UPDATE OF post
    ), removed AS (
      UPDATE comment SET text = '', number = NULL, deleted_at = ${now} FROM target
      WHERE comment.id = ${id}::uuid AND comment.post_id = target.id AND deleted_at IS NULL
      RETURNING comment.post_id, comment.author_id
    ), counted AS (
      UPDATE post_commenter SET comment_count = post_commenter.comment_count - 1 FROM removed
      WHERE post_commenter.post_id = removed.post_id AND user_id = removed.author_id
    )
    UPDATE post SET comment_count = comment_count - 1 FROM removed WHERE post.id = removed.post_id`
}

/** Removes the rows that remain of comments deleted before this instant. */
export async function purgeDeletedComments(prisma: PrismaClient, deletedBefore: Date): Promise<void> {
  await prisma.comment.deleteMany({ where: { deletedAt: { lt: deletedBefore } } })
}
