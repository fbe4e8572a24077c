import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { noSuchPost, signInFirst } from '../../failures.ts'
import type { PostLoadersOf } from '../../posts/post-loaders.ts'
import { findTarget, reloadPost } from '../../posts/target-post.ts'
import { addLike, type ChangingLikes } from '../change-like.ts'

/** The dependencies of `Mutation.likePost`. */
export type LikePostDeps = { likes: ChangingLikes; posts: PostLoadersOf }

/** `Mutation.likePost` */
export function likePostResolvers({ likes, posts }: LikePostDeps) {
  return {
    Mutation: {
      async likePost(_root, { input: { postId } }, context) {
        const post = await findTarget(posts, postId, context)
        if ('code' in post) return post
        if (!context.viewerId) return signInFirst()
        await addLike(likes, post, context.viewerId)
        const liked = await reloadPost(posts, post.id, context)
        return liked ? { __typename: 'LikePostPayload' as const, post: liked } : noSuchPost()
      },
    },
  } satisfies Resolvers
}
