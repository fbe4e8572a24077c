import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import type { PostLoadersOf } from '../../posts/post-loaders.ts'
import type { MarkingSeen } from '../../seen-marks/mark-seen.ts'
import type { SeenLoadersOf } from '../../seen-marks/seen-loaders.ts'
import { findSeenTarget } from '../../seen-marks/seen-target.ts'
import { type CountUnseenDeps, countUnseenInFeed } from '../count-unseen.ts'
import { markItemsSeen } from '../mark-items-seen.ts'

/** The dependencies of `Mutation.markFeedSeen`. */
export type MarkFeedSeenDeps = CountUnseenDeps & MarkingSeen & { posts: PostLoadersOf; seen: SeenLoadersOf }

/** `Mutation.markFeedSeen` */
export function markFeedSeenResolvers(deps: MarkFeedSeenDeps) {
  const { posts, seen } = deps
  return {
    Mutation: {
      async markFeedSeen(_root, { input: { upToPostId } }, context) {
        const target = await findSeenTarget(posts, upToPostId, context)
        if ('code' in target) return target
        await markItemsSeen(deps, target.viewerId, target.post, context)
        seen(context).mark.clearAll()
        seen(context).unseenCount.clearAll()
        const unseenCount = await countUnseenInFeed(deps, target.viewerId, context)
        return { __typename: 'MarkFeedSeenPayload' as const, unseenCount }
      },
    },
  } satisfies Resolvers
}
