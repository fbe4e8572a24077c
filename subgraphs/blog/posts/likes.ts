import type { Prisma, PrismaClient } from '../../../generated/prisma/blog/client.ts'
import type { ReportActivity } from '../activity/activity-reports.ts'

// Both statements lock the post before the like, in the same order as deleting the post, so that they cannot deadlock.
// The count changes in the same statement as the like, so it is correct under concurrency. A like that is taken back
// keeps a hidden row with the instant of the first like, so that liking again does not renew that instant.

// Likes are reported with the database's time, read while the post is locked. Replicas whose clocks differ therefore
// agree on which of two changes was later.

type LikeDependencies = { prisma: PrismaClient; reportActivity: ReportActivity }
type LikedPost = { id: string; moblogId: string }
type Changed = { occurredAt: Date }[]

/** Adds a user's like to a published post and reports it, unless the user already likes the post. */
export function addLike(dependencies: LikeDependencies, post: LikedPost, userId: string): Promise<void> {
  return changeLike(dependencies, 'LIKED', post, userId, (tx) => insertLike(tx, post.id, userId))
}

/** Takes back a user's like and reports it, if the user likes the post. */
export function removeLike(
  dependencies: LikeDependencies,
  post: LikedPost,
  userId: string,
  now: Date,
): Promise<void> {
  return changeLike(dependencies, 'UNLIKED', post, userId, (tx) => retireLike(tx, post.id, userId, now))
}

/** A published post that a user likes, even if the user may no longer see it; null if there is none. */
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
