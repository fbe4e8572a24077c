import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import type { Clock } from '../../../../platform/clock.ts'
import type { Pool } from '../../database.ts'
import { signInFirst } from '../../failures.ts'
import type { PostLoadersOf } from '../../posts/post-loaders.ts'
import { readViewed } from '../view-input.ts'
import { countViews } from '../view-store.ts'

/** The dependencies of `Mutation.viewPosts`. */
export type ViewPostsDeps = { pool: Pool; clock: Clock; posts: PostLoadersOf }

/** `Mutation.viewPosts` */
export function viewPostsResolvers({ pool, clock, posts }: ViewPostsDeps) {
  return {
    Mutation: {
      async viewPosts(_root, { input }, context) {
        const { viewerId } = context
        if (!viewerId) return signInFirst()
        const ids = readViewed(input)
        if ('code' in ids) return ids
        const found = await Promise.all(ids.map((id) => posts(context).post.load(id)))
        const visible = found.filter((post) => post !== null)
        const others = visible.filter(({ moblogId }) => moblogId !== viewerId).map(({ id }) => id)
        if (others.length > 0) await countViews(pool, viewerId, others, clock())
        return { __typename: 'ViewPostsPayload' as const, posts: visible }
      },
    },
  } satisfies Resolvers
}
