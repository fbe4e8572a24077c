import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { userReference } from '../../access/user-reference.ts'
import type { PostLoadersOf } from '../../posts/post-loaders.ts'
import type { CommentLoadersOf } from '../comment-loaders.ts'

/** The dependencies of the fields of `Comment`. */
export type CommentDeps = { comments: CommentLoadersOf; posts: PostLoadersOf }

/** The fields of `Comment`. */
export function commentResolvers({ comments, posts }: CommentDeps) {
  return {
    Comment: {
      __resolveReference: (key, context) =>
        comments(context).comment.load('id' in key ? key.id : key.reference),
      reference: ({ id }) => id,
      post: ({ postId }, _args, context) => posts(context).post.load(postId),
      author: ({ authorId }) => userReference(authorId),
    },
  } satisfies Resolvers
}
