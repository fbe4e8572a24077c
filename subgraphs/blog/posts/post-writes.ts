import type { Prisma, PrismaClient } from '../../../generated/prisma/blog/client.ts'
import { newId } from '../../../platform/ids.ts'
import type { ReportActivity } from '../activity/activity-reports.ts'
import { searchWords } from '../discovery/search-words.ts'
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

/** A post with all that `communication` must hear about it. */
export type UnsettledPost = Prisma.PostGetPayload<{ select: typeof UNSETTLED }>

/**
 * Writes a new post down, once for each client mutation id of its author: what an earlier call with the same id wrote
 * is returned as it is now. A post with media is not published yet, since `communication` does not know of it.
 *
 * @param settleAfter when to give the post up if it is still not published
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

/** The post as `communication` must hear of it. */
export function findUnsettledPost(prisma: PrismaClient, id: string): Promise<UnsettledPost | null> {
  return prisma.post.findUnique({ where: { id }, select: UNSETTLED })
}

/** Posts of which `communication` has to be told by now, those first that have waited longest. */
export async function findDuePosts(prisma: PrismaClient, now: Date, limit: number): Promise<string[]> {
  const rows = await prisma.$queryRaw<{ id: string }[]>`
    SELECT id FROM post WHERE settle_after IS NOT NULL AND settle_after <= ${now}
    ORDER BY settle_after LIMIT ${limit}`
  return rows.map(({ id }) => id)
}

/** Makes a pending post visible, now that `communication` knows of it. False where it was abandoned meanwhile. */
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

/** Remembers that `communication` knows a post as it was with this revision. */
export async function markSettled(prisma: PrismaClient, id: string, revision: number): Promise<void> {
  await prisma.post.updateMany({ where: { id, revision }, data: { settleAfter: null } })
}

/** Lets a post that could not be settled wait for its next turn, behind those that were not tried yet. */
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
 * Gives up a post that was never visible, so that its request can be repeated. Settling then closes its media.
 */
export async function abandonPost(prisma: PrismaClient, id: string, now: Date): Promise<boolean> {
  const { count } = await prisma.post.updateMany({
    where: { id, state: 'PENDING' },
    data: { ...emptied(now), clientMutationId: null },
  })
  return count > 0
}

/**
 * Takes a published post away from everyone's sight, and reports it. False where there is none of this author with this
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
    // Their comments go with them.
    await transaction.postCommenter.deleteMany({ where: { postId: id } })
    await reportActivity(transaction, { kind: 'DELETED', postId: id, authorId, occurredAt: now })
    return true
  })
}

/** Removes what is left of posts that were deleted and of which `communication` knows, once they are old. */
export async function purgeDeletedPosts(prisma: PrismaClient, createdBefore: Date): Promise<void> {
  await prisma.$executeRaw`
    DELETE FROM post WHERE state = 'DELETED' AND settle_after IS NULL
      AND created_at < ${createdBefore}`
}
