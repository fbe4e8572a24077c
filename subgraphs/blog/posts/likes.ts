import type { Prisma, PrismaClient } from '../../../generated/prisma/blog/client.ts'
import type { ReportActivity } from '../activity/activity-reports.ts'

// Both statements lock the post before they touch the like, as deleting the post does: who locks in one order can't
// wait for each other in a circle. The count changes with the like, so it is right whoever likes at the same time.
// A like that is taken back stays, unseen, with the instant at which it was first given: liking again renews nothing.

/** Adds a user's like to a published post, if it is not there, and reports that it was added. */
export async function addLike(
  { prisma, reportActivity }: { prisma: PrismaClient; reportActivity: ReportActivity },
  { id, moblogId: authorId }: { id: string; moblogId: string },
  actorId: string,
  occurredAt: Date,
): Promise<void> {
  await prisma.$transaction(async (transaction) => {
    const isNew = await insertLike(transaction, id, actorId)
    if (!isNew || actorId === authorId) return
    await reportActivity(transaction, { kind: 'LIKED', postId: id, authorId, actorId, occurredAt })
  })
}

async function insertLike(tx: Prisma.TransactionClient, postId: string, userId: string): Promise<boolean> {
  const count = await tx.$executeRaw`
    WITH target AS (
      SELECT id FROM post WHERE id = ${postId}::uuid AND state = 'PUBLISHED' FOR NO KEY UPDATE
    ), added AS (
      INSERT INTO post_like (post_id, user_id) SELECT id, ${userId}::uuid FROM target
      ON CONFLICT (post_id, user_id) DO UPDATE SET removed_at = NULL WHERE post_like.removed_at IS NOT NULL
      RETURNING post_id
    )
    UPDATE post SET like_count = like_count + 1 FROM added WHERE post.id = added.post_id`
  return count > 0
}

/** Takes a user's like from a post, if it is there. */
export async function removeLike(
  prisma: PrismaClient,
  postId: string,
  userId: string,
  now: Date,
): Promise<void> {
  await prisma.$executeRaw`
    WITH target AS (
      SELECT id FROM post WHERE id = ${postId}::uuid AND state = 'PUBLISHED' FOR NO KEY UPDATE
    ), removed AS (
      UPDATE post_like SET removed_at = ${now} FROM target
      WHERE post_id = target.id AND user_id = ${userId}::uuid AND removed_at IS NULL RETURNING post_id
    )
    UPDATE post SET like_count = like_count - 1 FROM removed WHERE post.id = removed.post_id`
}
