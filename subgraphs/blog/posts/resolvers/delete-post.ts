import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { noSuchPost } from '../../failures.ts'
import { deletePost } from '../delete-post.ts'
import type { PostLoadersOf } from '../post-loaders.ts'
import type { Settling } from '../settlement.ts'
import { findOwnTarget } from '../target-post.ts'

/** The dependencies of `Mutation.deletePost`. */
export type DeletePostDeps = { settling: Settling; posts: PostLoadersOf }

/** `Mutation.deletePost` */
export function deletePostResolvers({ settling, posts }: DeletePostDeps) {
  return {
    Mutation: {
      async deletePost(_root, { input }, context) {
        const post = await findOwnTarget(posts, input.postId, context, 'delete')
        if ('code' in post) return post
        if (!(await deletePost(settling, post.moblogId, post.id))) return noSuchPost()
        return { __typename: 'DeletePostPayload' as const, postId: post.id }
      },
    },
  } satisfies Resolvers
}
