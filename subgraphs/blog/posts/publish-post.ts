import type { PrismaClient } from '../../../generated/prisma/blog/client.ts'
import { unavailable } from '../../../platform/errors.ts'
import { abandonPost, insertPost, markPublished, type UnsettledPost } from './post-writes.ts'
import type { NewPost } from './publish-input.ts'
import { audienceReport, cutShortAt, type SettlementDependencies } from './settlement.ts'

/** The outcome of publishing a post. */
export type PublishOutcome =
  | { kind: 'published'; postId: string }
  | { kind: 'unknownMedia'; mediaIds: string[] }
  | { kind: 'deletedSince' }

/**
 * Publishes a post. The post becomes visible only after `communication` knows who may play its media. If
 * `communication` does not answer or refuses, the post is removed again, so that it never appears later without its
 * author's knowledge.
 *
 * @throws VisibleError `SERVICE_UNAVAILABLE` if `communication` does not answer; repeating the request is safe
 */
export async function publishPost(
  dependencies: SettlementDependencies,
  authorId: string,
  newPost: NewPost,
): Promise<PublishOutcome> {
  const { prisma, clock } = dependencies
  const post = await insertPost(dependencies, authorId, newPost, clock(), cutShortAt(clock))
  if (post?.state === 'PUBLISHED') return { kind: 'published', postId: post.id }
  if (post?.state === 'DELETED') return { kind: 'deletedSince' }
  // The same request was sent twice at the same time, and the other one has just abandoned the post.
  if (!post) throw cutShort()
  const mediaIds = await reportMedia(dependencies, post)
  if (mediaIds.length > 0) return { kind: 'unknownMedia', mediaIds }
  if (await markPublished(dependencies, post, clock())) return { kind: 'published', postId: post.id }
  // The same request may have been sent twice at the same time. The other one has published the post, or has failed and
  // abandoned it.
  if (await isPublished(prisma, post.id)) return { kind: 'published', postId: post.id }
  throw cutShort()
}

async function reportMedia(dependencies: SettlementDependencies, post: UnsettledPost): Promise<string[]> {
  try {
    const unknown = await dependencies.communication.setPostAudience(audienceReport(post))
    if (unknown.length > 0) await abandonPost(dependencies.prisma, post.id, dependencies.clock())
    return unknown
  } catch (error) {
    // `communication` may have received the report and its answer was lost. Settlement reports that the post is gone.
    await abandonPost(dependencies.prisma, post.id, dependencies.clock())
    throw error
  }
}

async function isPublished(prisma: PrismaClient, id: string): Promise<boolean> {
  return (await prisma.post.count({ where: { id, state: 'PUBLISHED' } })) > 0
}

const cutShort = () => unavailable('The post could not be published. Repeat the request.')
