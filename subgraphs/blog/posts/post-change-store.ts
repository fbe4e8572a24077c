import type { Audience } from '../../../generated/graphql/blog.ts'
import type { Prisma } from '../../../generated/prisma/blog/client.ts'
import type { Db } from '../database.ts'
import { UNSETTLED, type UnsettledPost } from './settlement-store.ts'

/** A post that is to be inserted. It is published at once unless `settleAfter` says when it is abandoned. */
export type InsertedPost = {
  id: string
  moblogId: string
  text: string
  contentWarning: string | null
  mediaIds: string[]
  audience: Audience
  audienceListId: string | null
  expiresAt: Date | null
  clientMutationId: string | null
  createdAt: Date
  words: string[]
  hashtags: string[]
  settleAfter: Date | null
}

/**
 * Inserts a post, and its moblog if the author has none yet.
 *
 * @returns false if an earlier post of the author has the same client mutation id
 */
export async function insertPost(tx: Db, post: InsertedPost): Promise<boolean> {
  const { moblogId, createdAt, settleAfter } = post
  await tx.moblog.createMany({ data: { id: moblogId }, skipDuplicates: true })
  const published = settleAfter === null && ({ state: 'PUBLISHED', publishedAt: createdAt } as const)
  const { count } = await tx.post.createMany({
    data: { ...post, state: 'PENDING', ...published },
    skipDuplicates: true,
  })
  return count > 0
}

/** The post that an earlier call of the author with the same client mutation id added; null if there is none. */
export function findRepeatedPost(
  db: Db,
  moblogId: string,
  clientMutationId: string,
): Promise<UnsettledPost | null> {
  return db.post.findUnique({
    where: { moblogId_clientMutationId: { moblogId, clientMutationId } },
    select: UNSETTLED,
  })
}

/** Marks a pending post as published. False if the post is no longer pending. */
export async function markPublished(tx: Db, id: string, now: Date): Promise<boolean> {
  const { count } = await tx.post.updateMany({
    where: { id, state: 'PENDING' },
    data: { state: 'PUBLISHED', publishedAt: now, settleAfter: null },
  })
  return count > 0
}

/** Whether a post is published. */
export async function isPublished(db: Db, id: string): Promise<boolean> {
  return (await db.post.count({ where: { id, state: 'PUBLISHED' } })) > 0
}

const emptied = (now: Date, hasExpired = false) =>
  ({
    state: 'DELETED',
    publishedAt: null,
    text: '',
    contentWarning: null,
    words: [],
    hashtags: [],
    mediaIds: [],
    ...(!hasExpired && { expiresAt: null }),
    likeCount: 0,
    commentCount: 0,
    revision: { increment: 1 },
    settleAfter: now,
  }) satisfies Prisma.PostUpdateInput

/**
 * Abandons a post that was never visible, so that its request can be repeated. Settlement then closes its media.
 *
 * @returns false if the post is no longer pending
 */
export async function abandonPost(db: Db, id: string, now: Date): Promise<boolean> {
  const { count } = await db.post.updateMany({
    where: { id, state: 'PENDING' },
    data: { ...emptied(now), clientMutationId: null },
  })
  return count > 0
}

/**
 * Hides a published post from everyone, and removes its likes, comments, views and mentions. If it has expired, it keeps its expiry,
 * which says so. False if the author has no published post with this id.
 */
export async function deletePublishedPost(
  tx: Db,
  id: string,
  authorId: string,
  { now, hasExpired }: { now: Date; hasExpired: boolean },
): Promise<boolean> {
  const { count } = await tx.post.updateMany({
    where: { id, moblogId: authorId, state: 'PUBLISHED' },
    data: emptied(now, hasExpired),
  })
  if (count === 0) return false
  await tx.postLike.deleteMany({ where: { postId: id } })
  await tx.postView.deleteMany({ where: { postId: id } })
  await tx.postViewTotal.deleteMany({ where: { postId: id } })
  await tx.hiddenPost.deleteMany({ where: { postId: id } })
  await tx.postMention.deleteMany({ where: { postId: id } })
  // Also deletes their comments.
  await tx.postCommenter.deleteMany({ where: { postId: id } })
  return true
}

/**
 * Removes rows of deleted posts that were created before this instant and whose deletion `communication` knows about.
 */
export async function purgeDeletedPosts(db: Db, createdBefore: Date): Promise<void> {
  await db.$executeRaw`
    DELETE FROM post WHERE state = 'DELETED' AND settle_after IS NULL
      AND created_at < ${createdBefore}`
}
