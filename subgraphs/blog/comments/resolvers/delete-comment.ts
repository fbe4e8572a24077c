import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { isId } from '../../../../platform/ids.ts'
import { noSuchComment, notAnId, requestFailed, signInFirst } from '../../failures.ts'
import type { PostLoadersOf } from '../../posts/post-loaders.ts'
import { reloadPost } from '../../posts/target-post.ts'
import { type ChangingComments, removeComment } from '../change-comments.ts'
import { findCommentedPost, findOwnComment } from '../comment-change-store.ts'
import type { CommentLoadersOf } from '../comment-loaders.ts'

/** The dependencies of `Mutation.deleteComment`. */
export type DeleteCommentDeps = {
  changing: ChangingComments
  comments: CommentLoadersOf
  posts: PostLoadersOf
}

/** `Mutation.deleteComment` */
export function deleteCommentResolvers({ changing, comments, posts }: DeleteCommentDeps) {
  const { db } = changing
  return {
    Mutation: {
      async deleteComment(_root, { input: { commentId } }, context) {
        const { viewerId } = context
        if (!viewerId) return signInFirst()
        if (!isId(commentId)) return notAnId('input.commentId', 'comment', commentId)
        const comment =
          (await comments(context).comment.load(commentId)) ??
          // Users who may no longer see a post can still delete their own comments on it. They are told the same as when
          // the post is deleted.
          (await findOwnComment(db, commentId, viewerId))
        const commented = comment && (await findCommentedPost(db, comment.postId))
        if (!commented) return noSuchComment()
        if (comment.authorId !== viewerId && commented.moblogId !== viewerId) {
          return requestFailed('NOT_ALLOWED', 'Only the author of this comment or of its post can delete it.')
        }
        await removeComment(changing, comment, commented)
        const post = await reloadPost(posts, comment.postId, context)
        if (!post) return noSuchComment()
        return { __typename: 'DeleteCommentPayload' as const, commentId: comment.id, post }
      },
    },
  } satisfies Resolvers
}
