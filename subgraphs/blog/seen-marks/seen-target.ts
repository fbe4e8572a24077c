import { isId } from '../../../platform/ids.ts'
import type { Context } from '../context.ts'
import { type FailureResult, noSuchPost, notAnId, signInFirst } from '../failures.ts'
import type { PostLoadersOf } from '../posts/post-loaders.ts'
import type { VisiblePost } from '../posts/visible-post.ts'

/** A viewer who is signed in, and the newest post that they have seen. */
export type SeenTarget = { viewerId: string; post: VisiblePost }

/** Finds the post up to which the viewer has seen a list, or the failure. */
export async function findSeenTarget(
  posts: PostLoadersOf,
  upToPostId: string,
  context: Context,
): Promise<SeenTarget | FailureResult> {
  const { viewerId } = context
  if (viewerId === null) return signInFirst()
  if (!isId(upToPostId)) return notAnId('input.upToPostId', 'post', upToPostId)
  const post = await posts(context).post.load(upToPostId)
  return post ? { viewerId, post } : noSuchPost()
}
