import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { noSuchPost, requestFailed, signInFirst } from '../../failures.ts'
import type { PostLoadersOf } from '../../posts/post-loaders.ts'
import { addComment, type ChangingComments } from '../change-comments.ts'
import { readComment } from '../comment-input.ts'
import type { CommentLoadersOf } from '../comment-loaders.ts'

/** The dependencies of `Mutation.commentOnPost`. */
export type CommentOnPostDeps = {
  changing: ChangingComments
  comments: CommentLoadersOf
  posts: PostLoadersOf
}

/** `Mutation.commentOnPost` */
export function commentOnPostResolvers({ changing, comments, posts }: CommentOnPostDeps) {
  return {
    Mutation: {
      async commentOnPost(_root, { input }, context) {
        if (!context.viewerId) return signInFirst()
        const newComment = readComment(input)
        if ('__typename' in newComment) return newComment
        const post = await posts(context).post.load(newComment.postId)
        if (!post) return noSuchPost()
        const outcome = await addComment(changing, context.viewerId, { ...newComment, postId: post.id })
        if (outcome.kind === 'deletedSince') return deletedSince()
        posts(context).post.clear(post.id)
        const comment = outcome.kind === 'added' && (await comments(context).comment.load(outcome.commentId))
        return comment ? { __typename: 'CommentOnPostPayload' as const, comment } : noSuchPost()
      },
    },
  } satisfies Resolvers
}

const deletedSince = () =>
  requestFailed(
    'CONFLICT',
    'The comment with this client mutation id has been deleted. To add it again, use a new id.',
  )
