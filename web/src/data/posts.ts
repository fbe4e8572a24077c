import {
  HidePostDocument,
  LikePostDocument,
  UnhidePostDocument,
  UnlikePostDocument,
} from '../../../generated/graphql/web.ts'
import { succeed } from './failure.ts'
import { sendFromOutbox } from './outbox.ts'

/** Likes a post, or takes the like back. Works without a connection. */
export async function likePost(postId: string, likes: boolean): Promise<void> {
  const variables = { input: { postId } }
  if (likes) succeed((await sendFromOutbox(LikePostDocument, variables)).likePost)
  else succeed((await sendFromOutbox(UnlikePostDocument, variables)).unlikePost)
}

/** Hides a post from the viewer's lists, or shows it there again. Works without a connection. */
export async function hidePost(postId: string, hides: boolean): Promise<void> {
  const variables = { input: { postId } }
  if (hides) succeed((await sendFromOutbox(HidePostDocument, variables)).hidePost)
  else succeed((await sendFromOutbox(UnhidePostDocument, variables)).unhidePost)
}
