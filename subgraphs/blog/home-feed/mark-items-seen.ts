import type { Context } from '../context.ts'
import type { VisiblePost } from '../posts/visible-post.ts'
import { type MarkingSeen, markSeen } from '../seen-marks/mark-seen.ts'
import { type CountUnseenDeps, listedItems } from './count-unseen.ts'
import { readUnseenUpTo } from './feed-item-store.ts'
import { readFromFeed } from './open-home-feed.ts'

/**
 * Marks a post in a viewer's home feed and everything below it as seen. The mark of each author is the author's newest
 * item that the feed lists to the viewer, and not the given position: posts of muted users, posts that the viewer may not
 * see, and posts that have not arrived in the feed yet stay unseen. The feed is read as a whole, which is bounded, so the
 * number of statements does not depend on what is in it.
 */
export async function markItemsSeen(
  deps: CountUnseenDeps & MarkingSeen,
  viewerId: string,
  upTo: VisiblePost,
  context: Context,
): Promise<void> {
  const items = await readFromFeed(deps, viewerId, () => readUnseenUpTo(deps.pool, viewerId, upTo))
  const listed = await listedItems(deps, items, context)
  // The newest item of each author is the last one here that sets the author's entry.
  const newest = new Map(listed.toReversed().map((item) => [item.authorId, item]))
  const marks = [...newest.values()].map(({ authorId, publishedAt, id }) => ({
    moblogId: authorId,
    publishedAt,
    postId: id,
  }))
  await markSeen(deps, viewerId, marks, context)
}
