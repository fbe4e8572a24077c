import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { noSuchPost, requestFailed, signInFirst } from '../../failures.ts'
import type { PostLoadersOf } from '../../posts/post-loaders.ts'
import { findTarget, reloadPost } from '../../posts/target-post.ts'
import { MAX_HIDDEN } from '../hidden-post-store.ts'
import { type HidingPosts, hidePost } from '../hide-post.ts'

/** The dependencies of `Mutation.hidePost`. */
export type HidePostDeps = HidingPosts & { posts: PostLoadersOf }

/** `Mutation.hidePost` */
export function hidePostResolvers({ posts, ...hiding }: HidePostDeps) {
  return {
    Mutation: {
      async hidePost(_root, { input: { postId } }, context) {
        const post = await findTarget(posts, postId, context)
        if ('code' in post) return post
        const { viewerId } = context
        if (!viewerId) return signInFirst()
        if (post.moblogId === viewerId) {
          return requestFailed(
            'NOT_ALLOWED',
            'This is your own post. To hide it from others, change its audience.',
          )
        }
        const isHidden = await hidePost(hiding, viewerId, post.id, context)
        const shown = await reloadPost(posts, post.id, context)
        if (!shown) return noSuchPost()
        if (isHidden) return { __typename: 'HidePostPayload' as const, post: shown }
        return requestFailed(
          'RATE_LIMITED',
          `You have hidden ${MAX_HIDDEN} posts, which is the limit. Unhide some, or mute users instead.`,
        )
      },
    },
  } satisfies Resolvers
}
