import type { Prisma, PrismaClient } from '../../../generated/prisma/blog/client.ts'
import { newId } from '../../../platform/ids.ts'
import type { NewPost } from './publish-input.ts'

const UNSETTLED = {
  id: true,
  moblogId: true,
  state: true,
  audience: true,
  mediaIds: true,
  revision: true,
  toldRevision: true,
  createdAt: true,
} satisfies Prisma.PostSelect

/** A post with all that `communication` must hear about it. */
export type UnsettledPost = Prisma.PostGetPayload<{ select: typeof UNSETTLED }>

/**
 * Writes a new post down, once for each client mutation id of its author: what an earlier call with the same id wrote
 * is returned as it is now. A post with media is not published yet, since `communication` does not know of it.
 */
export async function insertPost(
  prisma: PrismaClient,
  authorId: string,
  post: NewPost,
  now: Date,
): Promise<UnsettledPost | null> {
  const settled = post.mediaIds.length === 0
  const data = {
    ...post,
    id: newId(),
    moblogId: authorId,
    createdAt: now,
    ...(settled
      ? { state: 'PUBLISHED' as const, publishedAt: now, toldRevision: 1 }
      : { state: 'PENDING' as const }),
  }
  const inserted = await prisma.$transaction(async (transaction) => {
    await transaction.moblog.createMany({ data: { id: authorId }, skipDuplicates: true })
    const { count } = await transaction.post.createMany({ data, skipDuplicates: true })
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

/**
 * Posts of which `communication` has to be told: those that changed, and those whose publication was cut short.
 *
 * @param pendingBefore publications that began later may still be under way
 */
export async function findUntoldPosts(
  prisma: PrismaClient,
  pendingBefore: Date,
  limit: number,
): Promise<string[]> {
  const rows = await prisma.$queryRaw<{ id: string }[]>`
    SELECT id FROM post WHERE told_revision < revision AND (state <> 'PENDING' OR created_at < ${pendingBefore})
    ORDER BY created_at LIMIT ${limit}`
  return rows.map(({ id }) => id)
}

/** Makes a pending post visible, now that `communication` knows of it. False where it was abandoned meanwhile. */
export async function markPublished(prisma: PrismaClient, id: string, now: Date): Promise<boolean> {
  const { count } = await prisma.post.updateMany({
    where: { id, state: 'PENDING' },
    data: { state: 'PUBLISHED', publishedAt: now, toldRevision: 1 },
  })
  return count > 0
}

/** Remembers what `communication` knows about a post. */
export async function markTold(prisma: PrismaClient, id: string, revision: number): Promise<void> {
  await prisma.post.updateMany({
    where: { id, toldRevision: { lt: revision } },
    data: { toldRevision: revision },
  })
}

const EMPTIED = {
  state: 'DELETED',
  publishedAt: null,
  text: '',
  mediaIds: [],
  likeCount: 0,
  revision: { increment: 1 },
} satisfies Prisma.PostUpdateInput

/**
 * Gives up a post that was never visible, so that its request can be repeated. Settling then closes its media.
 */
export async function abandonPost(prisma: PrismaClient, id: string): Promise<boolean> {
  const { count } = await prisma.post.updateMany({
    where: { id, state: 'PENDING' },
    data: { ...EMPTIED, clientMutationId: null },
  })
  return count > 0
}

/** Takes a published post away from everyone's sight. False where there is none of this author with this id. */
export function deletePublishedPost(prisma: PrismaClient, id: string, authorId: string): Promise<boolean> {
  return prisma.$transaction(async (transaction) => {
    const { count } = await transaction.post.updateMany({
      where: { id, moblogId: authorId, state: 'PUBLISHED' },
      data: EMPTIED,
    })
    if (count === 0) return false
    await transaction.postLike.deleteMany({ where: { postId: id } })
    return true
  })
}

/** Removes what is left of posts that were deleted and of which `communication` knows, once they are old. */
export async function purgeDeletedPosts(prisma: PrismaClient, createdBefore: Date): Promise<void> {
  await prisma.$executeRaw`
    DELETE FROM post WHERE state = 'DELETED' AND told_revision = revision
      AND created_at < ${createdBefore}`
}
