import type { CommentResolvers, PostResolvers, ResolversTypes } from '../../../generated/graphql/blog.ts'
import { readPageRequest, toConnection } from '../../../platform/connections.ts'
import { badInput } from '../../../platform/errors.ts'
import { isId } from '../../../platform/ids.ts'
import { userReference } from '../access/user-reference.ts'
import type { BlogContext } from '../context.ts'
import type { VisiblePost } from '../posts/visible-post.ts'
import type { CommentLoaders } from './comment-loaders.ts'
import type { VisibleComment } from './visible-comment.ts'

/** The comment with this id; null if there is none or the viewer may not see it. */
export async function loadComment(id: string, { comments }: BlogContext): Promise<VisibleComment | null> {
  return isId(id) ? comments.comment.load(id) : null
}

/** Resolvers of `Post.comments` and `Post.commentCount`. */
export const postComments: Pick<PostResolvers<BlogContext, VisiblePost>, 'commentCount' | 'comments'> = {
  commentCount: ({ id, commentCount }, _args, { comments }) =>
    visibleCommentCount(id, commentCount, comments),
  async comments({ id }, args, { comments }): Promise<ResolversTypes['CommentConnection']> {
    const list = `comments/${id.slice(-12)}`
    const request = readPageRequest(args, list)
    const rows = await comments.page(id, request.first + 1, fromCursor(request.after))
    return toConnection(
      rows,
      request,
      list,
      ({ number }) => [String(number)],
      (row) => row,
    )
  },
}

/** Resolvers of `Comment`. */
export const commentResolvers: CommentResolvers<BlogContext, VisibleComment> = {
  __resolveReference: (key, context) => loadComment('id' in key ? key.id : key.reference, context),
  reference: ({ id }) => id,
  post: ({ postId }, _args, { posts }) => posts.post.load(postId),
  author: ({ authorId }) => userReference(authorId),
}

/** The number of a post's comments, without those by users who do not exist for the viewer. */
export async function visibleCommentCount(
  postId: string,
  commentCount: number,
  { hiddenCount }: CommentLoaders,
): Promise<number> {
  if (commentCount === 0) return 0
  // The two counts are read one after the other, and a comment may be added in between; never return less than 0.
  return Math.max(0, commentCount - (await hiddenCount.load(postId)))
}

function fromCursor(position: readonly string[] | null): number {
  if (!position) return 0
  const [number = ''] = position
  if (/^\d{1,9}$/.test(number)) return Number(number)
  throw badInput('"after" is not a cursor of this list. Pass a cursor that this list returned.')
}
