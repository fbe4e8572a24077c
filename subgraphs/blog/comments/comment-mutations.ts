import type {
  CommentOnPostInput,
  MutationResolvers,
  ResolversTypes,
} from '../../../generated/graphql/blog.ts'
import { isId } from '../../../platform/ids.ts'
import { characterCount, cleanText } from '../../../platform/text/clean-text.ts'
import { readClientMutationId } from '../client-mutation-id.ts'
import type { BlogContext } from '../context.ts'
import {
  type FailureResult,
  invalidInput,
  noSuchPost,
  notAnId,
  requestFailed,
  signInFirst,
} from '../failures.ts'
import { loadPost } from '../posts/post-resolvers.ts'
import type { SettlementDependencies } from '../posts/settlement.ts'
import { loadComment } from './comment-resolvers.ts'
import {
  findCommentedPost,
  findOwnComment,
  insertComment,
  type NewComment,
  removeComment,
} from './comment-writes.ts'

/** The maximum length of a comment, in characters. */
export const MAX_COMMENT = 2_000

type Mutations = Required<Pick<MutationResolvers<BlogContext>, 'commentOnPost' | 'deleteComment'>>

/** Resolvers of the mutations on comments. */
export function commentMutations(
  dependencies: Pick<SettlementDependencies, 'prisma' | 'clock' | 'reportActivity'>,
): Mutations {
  const { clock } = dependencies
  return {
    async commentOnPost(_mutation, { input }, context): Promise<ResolversTypes['CommentOnPostResult']> {
      if (!context.viewerId) return signInFirst()
      const comment = readComment(input)
      if ('__typename' in comment) return comment
      const post = await loadPost(comment.postId, context)
      if (!post) return noSuchPost()
      const newComment = { ...comment, postId: post.id }
      const outcome = await insertComment(dependencies, context.viewerId, newComment, clock())
      if (outcome.kind === 'deletedSince') return deletedSince()
      context.posts.post.clear(post.id)
      const added = outcome.kind === 'added' && (await loadComment(outcome.commentId, context))
      return added ? { __typename: 'CommentOnPostPayload', comment: added } : noSuchPost()
    },

    async deleteComment(_mutation, { input }, context): Promise<ResolversTypes['DeleteCommentResult']> {
      if (!context.viewerId) return signInFirst()
      if (!isId(input.commentId)) return notAnId('input.commentId', 'comment', input.commentId)
      const comment =
        (await loadComment(input.commentId, context)) ??
        // Users who may no longer see a post can still delete their own comments on it.
        (await findOwnComment(dependencies.prisma, input.commentId, context.viewerId))
      const post = comment && (await findCommentedPost(dependencies.prisma, comment.postId))
      if (!post) return requestFailed('NOT_FOUND', 'This comment does not exist, or you may not see it.')
      if (comment.authorId !== context.viewerId && post.moblogId !== context.viewerId) {
        return requestFailed('NOT_ALLOWED', 'Only the author of this comment or of its post can delete it.')
      }
      await removeComment(dependencies, comment, post, clock())
      context.posts.post.clear(comment.postId)
      return {
        __typename: 'DeleteCommentPayload',
        commentId: comment.id,
        post: await loadPost(comment.postId, context),
      }
    },
  }
}

const deletedSince = () =>
  requestFailed(
    'CONFLICT',
    'The comment with this client mutation id has been deleted. To add it again, use a new id.',
  )

function readComment(input: CommentOnPostInput): NewComment | FailureResult {
  if (!isId(input.postId)) return notAnId('input.postId', 'post', input.postId)
  const text = cleanText(input.text)
  if (text === '') return invalidInput('input.text', 'The comment is empty. Add a text.')
  if (characterCount(text) > MAX_COMMENT) {
    return invalidInput(
      'input.text',
      `The comment has ${characterCount(text)} characters. Shorten it to at most ${MAX_COMMENT}.`,
    )
  }
  const clientMutationId = readClientMutationId(input.clientMutationId)
  if (clientMutationId !== null && typeof clientMutationId === 'object') return clientMutationId
  return { postId: input.postId, text, clientMutationId }
}
