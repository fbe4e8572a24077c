import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { isId } from '../../../../platform/ids.ts'
import type { Pool } from '../../database.ts'
import { noSuchPost, notAnId, signInFirst } from '../../failures.ts'
import type { PostLoadersOf } from '../../posts/post-loaders.ts'
import { reloadPost } from '../../posts/target-post.ts'
import { unhidePost } from '../hidden-post-store.ts'

/** The dependencies of `Mutation.unhidePost`. */
export type UnhidePostDeps = { pool: Pool; posts: PostLoadersOf }

/** `Mutation.unhidePost` */
export function unhidePostResolvers({ pool, posts }: UnhidePostDeps) {
  return {
    Mutation: {
      async unhidePost(_root, { input: { postId } }, context) {
        const { viewerId } = context
        if (!viewerId) return signInFirst()
        if (!isId(postId)) return notAnId('input.postId', 'post', postId)
        // Users who may no longer see a post can still unhide it. They are told the same as if they had not hidden it.
        await unhidePost(pool, viewerId, postId)
        const post = await reloadPost(posts, postId, context)
        return post ? { __typename: 'UnhidePostPayload' as const, post } : noSuchPost()
      },
    },
  } satisfies Resolvers
}
