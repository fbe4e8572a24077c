import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import type { PostLoadersOf } from '../../posts/post-loaders.ts'
import type { SeenLoadersOf } from '../../seen-marks/seen-loaders.ts'
import { forgetOldestMarks } from '../../seen-marks/seen-mark-store.ts'
import { findSeenTarget } from '../../seen-marks/seen-target.ts'
import { type CountUnseenDeps, countUnseenInFeed } from '../count-unseen.ts'
import { markItemsSeen } from '../feed-item-store.ts'

/** The dependencies of `Mutation.markFeedSeen`. */
export type MarkFeedSeenDeps = CountUnseenDeps & { posts: PostLoadersOf; seen: SeenLoadersOf }

/** `Mutation.markFeedSeen` */
export function markFeedSeenResolvers(deps: MarkFeedSeenDeps) {
  const { pool, clock, posts, seen } = deps
  return {
    Mutation: {
      async markFeedSeen(_root, { input: { upToPostId } }, context) {
        const target = await findSeenTarget(posts, upToPostId, context)
        if ('code' in target) return target
        await markItemsSeen(pool, target.viewerId, target.post, clock())
        await forgetOldestMarks(pool, target.viewerId)
        seen(context).mark.clearAll()
        seen(context).unseenCount.clearAll()
        const unseenCount = await countUnseenInFeed(deps, target.viewerId, context)
        return { __typename: 'MarkFeedSeenPayload' as const, unseenCount }
      },
    },
  } satisfies Resolvers
}
