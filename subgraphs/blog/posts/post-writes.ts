import type { Prisma, PrismaClient } from '../../../generated/prisma/blog/client.ts'
import { newId } from '../../../platform/ids.ts'
import type { ReportActivity } from '../activity/activity-reports.ts'
import { searchWords } from '../search-words/search-words.ts'
import type { NewPost } from './publish-input.ts'

const UNSETTLED = {
  id: true,
  moblogId: true,
  state: true,
  audience: true,
  mediaIds: true,
  revision: true,
  settleAfter: true,
  version: true,
  text: true,
} satisfies Prisma.PostSelect

/** A post with everything that has to be reported to `communication`. */
export type UnsettledPost = Prisma.PostGetPayload<{ select: typeof UNSETTLED }>

/**
 * Inserts a new post. If an earlier call of the author used the same client mutation id, returns that post in its
 * current state instead. A post with media is not published yet, because `communication` does not know about it.
 *
 * @param settleAfter when to abandon the post if it is still not published
 * @returns null if a simultaneous call with the same client mutation id has just abandoned the post
 */
export async function insertPost(
  { prisma, reportActivity }: { prisma: PrismaClient; reportActivity: ReportActivity },
  authorId: string,
  post: NewPost,
  now: Date,
  settleAfter: Date,
): Promise<UnsettledPost | null> {
  const data = {
    ...post,
    id: newId(),
    moblogId: authorId,
    createdAt: now,
    words: searchWords(post.text),
    ...(post.mediaIds.length === 0
      ? { state: 'PUBLISHED' as const, publishedAt: now }
      : { state: 'PENDING' as const, settleAfter }),
  }
  const inserted = await prisma.$transaction(async (transaction) => {
    await transaction.moblog.createMany({ data: { id: authorId }, skipDuplicates: true })
    const { count } = await transaction.post.createMany({ data, skipDuplicates: true })
    if (count > 0 && data.state === 'PUBLISHED' && post.audience !== 'ONLY_ME') {
      await reportActivity(transaction, { kind: 'PUBLISHED', postId: data.id, authorId, occurredAt: now })
    }
    return count > 0
  })
  const { clientMutationId } = post
  return prisma.post.findUnique({
    where:
      inserted || clientMutationId === null
        ? { id: data.id }
        : { moblogId_clientMutationId: { moblogId: authorId, clientMutationId } },
    select: UNSETTLED,
  })
}

/** Reads a post with everything that has to be reported to `communication`; null if there is none. */
export function findUnsettledPost(prisma: PrismaClient, id: string): Promise<UnsettledPost | null> {
  return prisma.post.findUnique({ where: { id }, select: UNSETTLED })
}

/** The ids of posts that are due to be reported to `communication`, longest waiting first. */
export async function findDuePosts(prisma: PrismaClient, now: Date, limit: number): Promise<string[]> {
  const rows = await prisma.$queryRaw<{ id: string }[]>`
    SELECT id FROM post WHERE settle_after IS NOT NULL AND settle_after <= ${now}
    ORDER BY settle_after LIMIT ${limit}`
  return rows.map(({ id }) => id)
}

/** Publishes a pending post after `communication` knows about it. False if the post is no longer pending. */
export function markPublished(
  { prisma, reportActivity }: { prisma: PrismaClient; reportActivity: ReportActivity },
  { id, moblogId: authorId, audience }: Pick<UnsettledPost, 'id' | 'moblogId' | 'audience'>,
  now: Date,
): Promise<boolean> {
  return prisma.$transaction(async (transaction) => {
    const { count } = await transaction.post.updateMany({
      where: { id, state: 'PENDING' },
      data: { state: 'PUBLISHED', publishedAt: now, settleAfter: null },
    })
    if (count > 0 && audience !== 'ONLY_ME') {
      await reportActivity(transaction, { kind: 'PUBLISHED', postId: id, authorId, occurredAt: now })
    }
    return count > 0
  })
}

/** Records that `communication` knows this revision of a post. Does nothing if the post has a newer revision. */
export async function markSettled(prisma: PrismaClient, id: string, revision: number): Promise<void> {
  await prisma.post.updateMany({ where: { id, revision }, data: { settleAfter: null } })
}

/** Postpones a post that could not be settled, so that posts that were not tried yet come first. */
export async function postpone(prisma: PrismaClient, id: string, until: Date): Promise<void> {
  await prisma.post.updateMany({ where: { id, NOT: { settleAfter: null } }, data: { settleAfter: until } })
}

const emptied = (now: Date) =>
  ({
    state: 'DELETED',
    publishedAt: null,
    text: '',
    words: [],
    mediaIds: [],
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
export async function abandonPost(prisma: PrismaClient, id: string, now: Date): Promise<boolean> {
  const { count } = await prisma.post.updateMany({
    where: { id, state: 'PENDING' },
    data: { ...emptied(now), clientMutationId: null },
  })
  return count > 0
}

/**
 * Hides a published post from everyone and reports the deletion. False if the author has no published post with this
 * id.
 */
export function deletePublishedPost(
  { prisma, reportActivity }: { prisma: PrismaClient; reportActivity: ReportActivity },
  id: string,
  authorId: string,
  now: Date,
): Promise<boolean> {
  return prisma.$transaction(async (transaction) => {
    const { count } = await transaction.post.updateMany({
      where: { id, moblogId: authorId, state: 'PUBLISHED' },
      data: emptied(now),
    })
    if (count === 0) return false
    await transaction.postLike.deleteMany({ where: { postId: id } })
    // Also deletes their comments.
    await transaction.postCommenter.deleteMany({ where: { postId: id } })
    await reportActivity(transaction, { kind: 'DELETED', postId: id, authorId, occurredAt: now })
    return true
  })
}

/**
 * Removes rows of deleted posts that were created before this instant and whose deletion `communication` knows about.
 */
export async function purgeDeletedPosts(prisma: PrismaClient, createdBefore: Date): Promise<void> {
  await prisma.$executeRaw`
    DELETE FROM post WHERE state = 'DELETED' AND settle_after IS NULL
      AND created_at < ${createdBefore}`
}
