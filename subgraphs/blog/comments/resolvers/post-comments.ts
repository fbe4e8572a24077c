import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { commentConnection } from '../comment-connection.ts'
import type { CommentLoadersOf } from '../comment-loaders.ts'
import { visibleCommentCount } from '../visible-comment-count.ts'

/** `Post.commentCount` and `Post.comments` */
export function postCommentsResolvers({ comments }: { comments: CommentLoadersOf }) {
  return {
    Post: {
      commentCount: ({ id, commentCount }, _args, context) =>
        visibleCommentCount(id, commentCount, comments(context)),
      comments: ({ id }, args, context) => commentConnection(comments(context), 'onPost', id, args),
    },
  } satisfies Resolvers
}
