import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { badCursor, readPageRequest, toConnection } from '../../../../platform/connections.ts'
import type { CommentLoadersOf } from '../comment-loaders.ts'
import { visibleCommentCount } from '../visible-comment-count.ts'

/** `Post.commentCount` and `Post.comments` */
export function postCommentsResolvers({ comments }: { comments: CommentLoadersOf }) {
  return {
    Post: {
      commentCount: ({ id, commentCount }, _args, context) =>
        visibleCommentCount(id, commentCount, comments(context)),
      async comments({ id }, args, context) {
        const list = `comments/${id.slice(-12)}`
        const request = readPageRequest(args, list)
        const rows = await comments(context).page(id, request.first + 1, fromCursor(request.after))
        return toConnection(
          rows,
          request,
          list,
          ({ number }) => [String(number)],
          (row) => row,
        )
      },
    },
  } satisfies Resolvers
}

function fromCursor(position: readonly string[] | null): number {
  if (!position) return 0
  const [number = ''] = position
  if (!/^\d{1,9}$/.test(number)) throw badCursor()
  return Number(number)
}
