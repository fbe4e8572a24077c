import { Prisma, type PrismaClient } from '../../../generated/prisma/blog/client.ts'
import { newId } from '../../../platform/ids.ts'
import type { ReportActivity } from '../activity/activity-reports.ts'

/** A comment that its author wants to have, checked and cleaned. */
export type NewComment = { postId: string; text: string; clientMutationId: string | null }

/**
 * Adds a comment to a published post, once for each client mutation id of its author, and counts it. The post is locked
 * while the comment gets its number, so comments appear in the order of their numbers and no page skips one.
 *
 * @returns the comment's id; null where there is no such post
 */
export async function insertComment(
  { prisma, reportActivity }: { prisma: PrismaClient; reportActivity: ReportActivity },
  authorId: string,
  { postId, text, clientMutationId }: NewComment,
  now: Date,
): Promise<string | null> {
  const existing = await findRepeated(prisma, authorId, clientMutationId)
  if (existing) return existing
  try {
    return await prisma.$transaction(async (transaction) => {
      const { lastComment, moblogId } = await transaction.post.update({
        where: { id: postId, state: 'PUBLISHED' },
        data: { commentCount: { increment: 1 }, lastComment: { increment: 1 } },
        select: { lastComment: true, moblogId: true },
      })
      const id = newId()
      const data = { id, postId, number: lastComment, authorId, text, createdAt: now, clientMutationId }
      await transaction.comment.create({ data })
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
  } catch (error) {
    if (isPrismaError(error, 'P2025')) return null // no such post
    if (isPrismaError(error, 'P2002')) return findRepeated(prisma, authorId, clientMutationId)
    throw error
  }
}

async function findRepeated(
  prisma: PrismaClient,
  authorId: string,
  clientMutationId: string | null,
): Promise<string | null> {
  if (clientMutationId === null) return null
  const where = { authorId_clientMutationId: { authorId, clientMutationId } }
  return (await prisma.comment.findUnique({ where, select: { id: true } }))?.id ?? null
}

function isPrismaError(error: unknown, code: string): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === code
}

/** Deletes a comment and takes it from its post's count. The post is locked first, as by all that counts on it. */
export async function removeComment(prisma: PrismaClient, id: string): Promise<void> {
  await prisma.$executeRaw`
    WITH target AS (
      SELECT post.id FROM post JOIN comment ON comment.post_id = post.id
      WHERE comment.id = ${id}::uuid FOR NO KEY UPDATE OF post
    ), removed AS (
      DELETE FROM comment USING target
      WHERE comment.id = ${id}::uuid AND comment.post_id = target.id RETURNING comment.post_id
    )
    UPDATE post SET comment_count = comment_count - 1 FROM removed WHERE post.id = removed.post_id`
}
