import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { isId } from '../../../../platform/ids.ts'
import type { CommentLoadersOf } from '../../comments/comment-loaders.ts'
import { noSuchComment, notAnId, signInFirst } from '../../failures.ts'
import { type ChangingCommentLikes, removeCommentLike } from '../change-comment-like.ts'
import { findLikedComment } from '../comment-like-store.ts'

/** The dependencies of `Mutation.unlikeComment`. */
export type UnlikeCommentDeps = { changing: ChangingCommentLikes; comments: CommentLoadersOf }

/** `Mutation.unlikeComment` */
export function unlikeCommentResolvers({ changing, comments }: UnlikeCommentDeps) {
  return {
    Mutation: {
      async unlikeComment(_root, { input: { commentId } }, context) {
        const { viewerId } = context
        if (!viewerId) return signInFirst()
        if (!isId(commentId)) return notAnId('input.commentId', 'comment', commentId)
        // Users who may no longer see a comment can still take back their like. They are told the same as without a like.
        const liked = await findLikedComment(changing.db, commentId, viewerId)
        if (liked) await removeCommentLike(changing, liked, viewerId)
        const comment = await comments(context).comment.clear(commentId).load(commentId)
        return comment ? { __typename: 'UnlikeCommentPayload' as const, comment } : noSuchComment()
      },
    },
  } satisfies Resolvers
}
