import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { commentConnection } from '../comment-connection.ts'
import type { CommentLoadersOf } from '../comment-loaders.ts'

/** `Comment.replyTo` and `Comment.replies` */
export function commentRepliesResolvers({ comments }: { comments: CommentLoadersOf }) {
  return {
    Comment: {
      replyTo: ({ replyToId }, _args, context) =>
        replyToId === null ? null : comments(context).comment.load(replyToId),
      replies: ({ id }, args, context) => commentConnection(comments(context), 'repliesTo', id, args),
    },
  } satisfies Resolvers
}
