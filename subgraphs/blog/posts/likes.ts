import type { Prisma, PrismaClient } from '../../../generated/prisma/blog/client.ts'
import type { ReportActivity } from '../activity/activity-reports.ts'

// Both statements lock the post before they touch the like, as deleting the post does: who locks in one order can't
// wait for each other in a circle. The count changes with the like, so it is right whoever likes at the same time.
// A like that is taken back stays, unseen, with the instant at which it was first given: liking again renews nothing.

// Likes are reported with the time of the database, read while the post is locked: replicas whose clocks differ agree on
// which of two changes was the later one.

type LikeDependencies = { prisma: PrismaClient; reportActivity: ReportActivity }
type LikedPost = { id: string; moblogId: string }
type Changed = { occurredAt: Date }[]

/** Adds a user's like to a published post, if it is not there, and reports that it was added. */
export function addLike(dependencies: LikeDependencies, post: LikedPost, userId: string): Promise<void> {
  return changeLike(dependencies, 'LIKED', post, userId, (tx) => insertLike(tx, post.id, userId))
}

/** Takes a user's like from a post, if it is there, and reports that it was taken back. */
export function removeLike(
  dependencies: LikeDependencies,
  post: LikedPost,
  userId: string,
  now: Date,
): Promise<void> {
  return changeLike(dependencies, 'UNLIKED', post, userId, (tx) => retireLike(tx, post.id, userId, now))
}

/** A published post that a user likes, whether or not they may see it; null where there is none. */
export function findLikedPost(prisma: PrismaClient, id: string, userId: string): Promise<LikedPost | null> {
  return prisma.post.findFirst({
    where: { id, state: 'PUBLISHED', likes: { some: { userId, removedAt: null } } },
    select: { id: true, moblogId: true },
  })
}

async function changeLike(
  { prisma, reportActivity }: LikeDependencies,
  kind: 'LIKED' | 'UNLIKED',
  { id: postId, moblogId: authorId }: LikedPost,
  actorId: string,
  change: (tx: Prisma.TransactionClient) => Promise<Changed>,
): Promise<void> {
  await prisma.$transaction(async (transaction) => {
    const [changed] = await change(transaction)
    if (changed && actorId !== authorId)
      await reportActivity(transaction, { kind, postId, authorId, actorId, ...changed })
  })
}

function insertLike(tx: Prisma.TransactionClient, postId: string, userId: string): Promise<Changed> {
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

function retireLike(
  tx: Prisma.TransactionClient,
  postId: string,
  userId: string,
  now: Date,
): Promise<Changed> {
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
