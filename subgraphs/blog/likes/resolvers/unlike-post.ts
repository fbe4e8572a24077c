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
        // Users who may no longer see a post can still take back their like.
        const post =
          (await posts(context).post.load(postId)) ?? (await findLikedPost(likes.db, postId, viewerId))
        if (!post) return noSuchPost()
        await removeLike(likes, post, viewerId)
        return {
          __typename: 'UnlikePostPayload' as const,
          post: await reloadPost(posts, post.id, context),
        }
      },
    },
  } satisfies Resolvers
}
