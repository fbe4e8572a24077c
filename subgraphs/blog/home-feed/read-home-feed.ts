import type { AccessModule } from '../access/module.ts'
import type { Context } from '../context.ts'
import type { PostLoadersOf } from '../posts/post-loaders.ts'
import { positionOf } from '../posts/post-position.ts'
import type { PostPosition } from '../posts/post-store.ts'
import { readUntilFull } from '../posts/read-until-full.ts'
import type { VisiblePost } from '../posts/visible-post.ts'
import { belongsInFeed } from './belongs-in-feed.ts'
import { type FeedItem, readItems } from './feed-item-store.ts'
import { type OpeningDeps, readFromFeed } from './open-home-feed.ts'

/** The dependencies of `readHomeFeed`. */
export type ReadHomeFeedDeps = OpeningDeps &
  Pick<AccessModule, 'relationships' | 'mutedUserIds'> & { posts: PostLoadersOf }

/** The first `count` posts of a viewer's home feed below a position that the viewer may see, newest first. */
export function readHomeFeed(
  deps: ReadHomeFeedDeps,
  viewerId: string,
  page: { after: PostPosition | null; count: number },
  context: Context,
): Promise<VisiblePost[]> {
  return readUntilFull(page, {
    read: (range) => readFromFeed(deps, viewerId, () => readItems(deps.pool, viewerId, range)),
    filter: (items: FeedItem[]) => visiblePosts(deps, items, context),
    positionOf,
  })
}

/**
 * The posts of items, without those that the viewer may not see now. The feed only says where to look: posts are loaded
 * and checked like single posts.
 */
async function visiblePosts(
  { relationships, mutedUserIds, posts }: ReadHomeFeedDeps,
  items: readonly FeedItem[],
  context: Context,
): Promise<VisiblePost[]> {
  // The relationships are asked for while the posts are read, which then find them in the loader. Errors come from there.
  void relationships(context).loadMany([...new Set(items.map(({ authorId }) => authorId))])
  const [muted, ...found] = await Promise.all([
    mutedUserIds(context),
    ...items.map(({ id }) => posts(context).post.load(id)),
  ])
  return found
    .filter((post) => post !== null)
    .filter(({ moblogId, relationship }) => belongsInFeed(moblogId, relationship, muted))
}
