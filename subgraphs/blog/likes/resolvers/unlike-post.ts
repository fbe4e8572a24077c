import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { isId } from '../../../../platform/ids.ts'
import { noSuchPost, notAnId, signInFirst } from '../../failures.ts'
import type { PostLoadersOf } from '../../posts/post-loaders.ts'
import { reloadPost } from '../../posts/target-post.ts'
import { type ChangingLikes, removeLike } from '../change-like.ts'
import { findLikedPost } from '../like-store.ts'

/** The dependencies of `Mutation.unlikePost`. */
export type UnlikePostDeps = { likes: ChangingLikes; posts: PostLoadersOf }

/** `Mutation.unlikePost` */
export function unlikePostResolvers({ likes, posts }: UnlikePostDeps) {
  return {
    Mutation: {
      async unlikePost(_root, { input: { postId } }, context) {
        const { viewerId } = context
        if (!viewerId) return signInFirst()
        if (!isId(postId)) return notAnId('input.postId', 'post', postId)
        // Users who may no longer see a post can still take back their like. They are told the same as without a like.
        const liked =
          (await posts(context).post.load(postId)) ?? (await findLikedPost(likes.db, postId, viewerId))
        if (liked) await removeLike(likes, liked, viewerId)
        const post = await reloadPost(posts, postId, context)
        return post ? { __typename: 'UnlikePostPayload' as const, post } : noSuchPost()
      },
    },
  } satisfies Resolvers
}
