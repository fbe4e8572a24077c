import {
  CommentOnPostDocument,
  DeleteCommentDocument,
  LikeCommentDocument,
  UnlikeCommentDocument,
} from '../../../generated/graphql/web.ts'
import { newId } from '../new-id.ts'
import { send } from './client.ts'
import { succeed } from './failure.ts'
import { sendFromOutbox } from './outbox.ts'

/**
 * Comments on a post, or replies to a comment on it. Works without a connection.
 *
 * @param replyToId null for a comment that is no reply
 */
export async function commentOnPost(postId: string, text: string, replyToId: string | null): Promise<void> {
  const input = { postId, text, replyToId, clientMutationId: newId() }
  succeed((await sendFromOutbox(CommentOnPostDocument, { input })).commentOnPost)
}

/** Likes a comment, or takes the like back. Works without a connection. */
export async function likeComment(commentId: string, likes: boolean): Promise<void> {
  const variables = { input: { commentId } }
  if (likes) succeed((await sendFromOutbox(LikeCommentDocument, variables)).likeComment)
  else succeed((await sendFromOutbox(UnlikeCommentDocument, variables)).unlikeComment)
}

export async function deleteComment(commentId: string): Promise<void> {
  succeed((await send(DeleteCommentDocument, { input: { commentId } })).deleteComment)
}
