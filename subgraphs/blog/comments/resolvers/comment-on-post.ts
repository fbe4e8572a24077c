import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { noSuchPost, requestFailed, signInFirst } from '../../failures.ts'
import type { PostLoadersOf } from '../../posts/post-loaders.ts'
import { addComment, type ChangingComments, findRepeated } from '../change-comments.ts'
import { readComment } from '../comment-input.ts'
import type { CommentLoadersOf } from '../comment-loaders.ts'
import { type FindingReplyTargets, findReplyTarget } from '../reply-target.ts'

/** The dependencies of `Mutation.commentOnPost`. */
export type CommentOnPostDeps = {
  changing: ChangingComments
  finding: FindingReplyTargets
  comments: CommentLoadersOf
  posts: PostLoadersOf
}

/** `Mutation.commentOnPost` */
export function commentOnPostResolvers(deps: CommentOnPostDeps) {
  const { changing, finding, comments, posts } = deps
  return {
    Mutation: {
      async commentOnPost(_root, { input }, context) {
        const { viewerId } = context
        if (!viewerId) return signInFirst()
        const newComment = readComment(input)
        if ('__typename' in newComment) return newComment
        const post = await posts(context).post.load(newComment.postId)
        if (!post) return noSuchPost()
        const added = { ...newComment, postId: post.id }
        // Checked first: what an earlier call replied to may be deleted since.
        const repeated = await findRepeated(changing.db, viewerId, added)
        const replyTo = repeated ? null : await findReplyTarget(finding, { post, newComment: added, context })
        if (replyTo && 'code' in replyTo) return replyTo
        const outcome = repeated ?? (await addComment(changing, viewerId, added, replyTo))
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
