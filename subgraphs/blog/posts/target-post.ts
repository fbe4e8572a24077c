import { isId } from '../../../platform/ids.ts'
import type { Context } from '../context.ts'
import { type FailureResult, noSuchPost, notAnId, requestFailed, signInFirst } from '../failures.ts'
import type { PostLoadersOf } from './post-loaders.ts'
import type { VisiblePost } from './visible-post.ts'

/** The post that a mutation is about, or the failure if the viewer is signed out or may not see the post. */
export async function findTarget(
  posts: PostLoadersOf,
  postId: string,
  context: Context,
): Promise<VisiblePost | FailureResult> {
  if (!context.viewerId) return signInFirst()
  if (!isId(postId)) return notAnId('input.postId', 'post', postId)
  return (await posts(context).post.load(postId)) ?? noSuchPost()
}

/** The viewer's own post that a mutation is about, or the failure. */
export async function findOwnTarget(
  posts: PostLoadersOf,
  postId: string,
  context: Context,
  verb: 'edit' | 'delete',
): Promise<VisiblePost | FailureResult> {
  const post = await findTarget(posts, postId, context)
  if ('code' in post || post.moblogId === context.viewerId) return post
  return requestFailed('NOT_ALLOWED', `Only the author of this post can ${verb} it.`)
}

/** The post as this request's mutation left it; null if the viewer may not see it. */
export function reloadPost(
  posts: PostLoadersOf,
  postId: string,
  context: Context,
): Promise<VisiblePost | null> {
  return posts(context).post.clear(postId).load(postId)
}

/** The failure for media ids that are not the viewer's. */
export function noSuchMedia(ids: readonly string[]): FailureResult {
  return requestFailed(
    'NOT_FOUND',
    `You have no media with these ids: ${ids.join(', ')}. Remove the ids, or upload the files first.`,
  )
}

/** The failure for an audience list that the viewer does not have. */
export function noSuchList(): FailureResult {
  return requestFailed('NOT_FOUND', 'You have no audience list with this id. Choose another list.')
}
