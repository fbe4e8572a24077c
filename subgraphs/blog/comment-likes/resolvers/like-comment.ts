import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { isId } from '../../../../platform/ids.ts'
import type { CommentLoadersOf } from '../../comments/comment-loaders.ts'
import { noSuchComment, notAnId, signInFirst } from '../../failures.ts'
import type { PostLoadersOf } from '../../posts/post-loaders.ts'
import { addCommentLike, type ChangingCommentLikes } from '../change-comment-like.ts'

/** The dependencies of `Mutation.likeComment`. */
export type LikeCommentDeps = {
  changing: ChangingCommentLikes
  comments: CommentLoadersOf
  posts: PostLoadersOf
}

/** `Mutation.likeComment` */
export function likeCommentResolvers({ changing, comments, posts }: LikeCommentDeps) {
  return {
    Mutation: {
      async likeComment(_root, { input: { commentId } }, context) {
        const { viewerId } = context
        if (!viewerId) return signInFirst()
        if (!isId(commentId)) return notAnId('input.commentId', 'comment', commentId)
        const comment = await comments(context).comment.load(commentId)
        const post = comment && (await posts(context).post.load(comment.postId))
        if (!post) return noSuchComment()
        await addCommentLike(changing, post, comment, viewerId)
        const liked = await comments(context).comment.clear(commentId).load(commentId)
        return liked ? { __typename: 'LikeCommentPayload' as const, comment: liked } : noSuchComment()
      },
    },
  } satisfies Resolvers
}
