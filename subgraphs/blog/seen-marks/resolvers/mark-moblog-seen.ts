import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { isId } from '../../../../platform/ids.ts'
import { noSuchPost, notAnId } from '../../failures.ts'
import { visibleMoblog } from '../../moblogs/visible-moblog.ts'
import type { PostLoadersOf } from '../../posts/post-loaders.ts'
import { type MarkingSeen, markSeen } from '../mark-seen.ts'
import type { SeenLoadersOf } from '../seen-loaders.ts'
import { findSeenTarget } from '../seen-target.ts'

/** The dependencies of `Mutation.markMoblogSeen`. */
export type MarkMoblogSeenDeps = MarkingSeen & { posts: PostLoadersOf; seen: SeenLoadersOf }

/** `Mutation.markMoblogSeen` */
export function markMoblogSeenResolvers({ posts, seen, ...marking }: MarkMoblogSeenDeps) {
  return {
    Mutation: {
      async markMoblogSeen(_root, { input: { moblogId, upToPostId } }, context) {
        const target = await findSeenTarget(posts, upToPostId, context)
        if ('code' in target) return target
        if (!isId(moblogId)) return notAnId('input.moblogId', 'moblog', moblogId)
        const { viewerId, post } = target
        const moblog = visibleMoblog(post.moblogId, post.relationship)
        if (!moblog || post.moblogId !== moblogId) return noSuchPost()
        const { id: postId, publishedAt } = post
        if (moblogId !== viewerId)
          await markSeen(marking, viewerId, [{ moblogId, publishedAt, postId }], context)
        seen(context).mark.clear(moblogId)
        seen(context).unseenCount.clear(moblog)
        return { __typename: 'MarkMoblogSeenPayload' as const, moblog }
      },
    },
  } satisfies Resolvers
}
