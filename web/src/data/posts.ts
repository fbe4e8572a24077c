import {
  CommentOnPostDocument,
  DeleteCommentDocument,
  DeletePostDocument,
  EditPostDocument,
  type EditPostInput,
  LikePostDocument,
  UnlikePostDocument,
} from '../../../generated/graphql/web.ts'
import { send } from './client.ts'
import { succeed } from './failure.ts'
import { sendFromOutbox } from './outbox.ts'

export async function editPost(input: EditPostInput): Promise<void> {
  succeed((await send(EditPostDocument, { input })).editPost)
}

export async function deletePost(postId: string): Promise<void> {
  succeed((await send(DeletePostDocument, { input: { postId } })).deletePost)
}

/** Likes a post, or takes the like back. Works without a connection. */
export async function likePost(postId: string, likes: boolean): Promise<void> {
  const variables = { input: { postId } }
  if (likes) succeed((await sendFromOutbox(LikePostDocument, variables)).likePost)
  else succeed((await sendFromOutbox(UnlikePostDocument, variables)).unlikePost)
}

/** Comments on a post. Works without a connection. */
export async function commentOnPost(postId: string, text: string): Promise<void> {
  const input = { postId, text, clientMutationId: crypto.randomUUID() }
  succeed((await sendFromOutbox(CommentOnPostDocument, { input })).commentOnPost)
}

export async function deleteComment(commentId: string): Promise<void> {
  succeed((await send(DeleteCommentDocument, { input: { commentId } })).deleteComment)
}
