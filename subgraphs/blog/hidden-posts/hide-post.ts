import type { Clock } from '../../../platform/clock.ts'
import type { AccessModule } from '../access/module.ts'
import { maySeePost } from '../access/viewer-relationship.ts'
import type { Context } from '../context.ts'
import type { Pool } from '../database.ts'
import { findHiddenAudiences, forgetHidden, insertHidden, MAX_HIDDEN } from './hidden-post-store.ts'

/** The dependencies of `hidePost`. */
export type HidingPosts = Pick<AccessModule, 'relationships'> & { pool: Pool; clock: Clock }

/**
 * Hides a published post from the viewer's lists. At the limit, it forgets first that the viewer has hidden posts that the viewer may
 * no longer see: they are in no list, and an error would show that they still exist.
 *
 * @returns false if the viewer has hidden too many posts
 */
export async function hidePost(
  deps: HidingPosts,
  viewerId: string,
  postId: string,
  context: Context,
): Promise<boolean> {
  const { pool, clock } = deps
  const now = clock()
  if (await insertHidden(pool, viewerId, postId, now)) return true
  const unseen = await findUnseen(deps, viewerId, now, context)
  if (unseen.length === 0) return false
  await forgetHidden(pool, viewerId, unseen)
  return insertHidden(pool, viewerId, postId, now)
}

/** If the viewer is at the limit: the ids of the posts that the viewer has hidden and may no longer see. */
async function findUnseen(
  { pool, relationships }: HidingPosts,
  viewerId: string,
  now: Date,
  context: Context,
): Promise<string[]> {
  const posts = await findHiddenAudiences(pool, viewerId)
  // The post that was to be hidden may have been deleted since.
  if (posts.length < MAX_HIDDEN) return []
  const loader = relationships(context)
  const isSeen = await Promise.all(
    posts.map(async (post) => maySeePost(await loader.load(post.moblogId), post, now)),
  )
  return posts.flatMap(({ id }, index) => (isSeen[index] ? [] : [id]))
}
