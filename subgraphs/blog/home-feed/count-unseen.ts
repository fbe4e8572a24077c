import type { AccessModule } from '../access/module.ts'
import { maySeePost } from '../access/viewer-relationship.ts'
import type { Context } from '../context.ts'
import { positionOf } from '../posts/post-position.ts'
import type { PostPosition } from '../posts/post-store.ts'
import { readUntilFull } from '../posts/read-until-full.ts'
import { MAX_UNSEEN } from '../seen-marks/seen-mark-store.ts'
import { belongsInFeed } from './belongs-in-feed.ts'
import { readUnseen, type UnseenItem } from './feed-item-store.ts'
import { type OpeningDeps, readFromFeed } from './open-home-feed.ts'

/** The dependencies of `countUnseenInFeed`. */
export type CountUnseenDeps = OpeningDeps & Pick<AccessModule, 'relationships' | 'mutedUserIds'>

/** How many posts of friends in a viewer's home feed the viewer may see and has not seen, at most `MAX_UNSEEN`. */
export async function countUnseenInFeed(
  deps: CountUnseenDeps,
  viewerId: string,
  context: Context,
): Promise<number> {
  const fromNewest: { after: PostPosition | null; count: number } = { after: null, count: MAX_UNSEEN }
  const unseen = await readUntilFull(fromNewest, {
    read: (range) => readFromFeed(deps, viewerId, () => readUnseen(deps.pool, viewerId, range)),
    filter: (items: UnseenItem[]) => listedItems(deps, items, context),
    positionOf,
  })
  return unseen.length
}

/** Without the items that the feed does not list to the viewer now. */
export async function listedItems(
  { relationships, mutedUserIds, clock }: CountUnseenDeps,
  items: readonly UnseenItem[],
  context: Context,
): Promise<UnseenItem[]> {
  const checked = await Promise.all(
    items.map(async (item) => ({ item, relationship: await relationships(context).load(item.authorId) })),
  )
  const muted = await mutedUserIds(context)
  const now = clock()
  return checked
    .filter(
      ({ item, relationship }) =>
        belongsInFeed(item.authorId, relationship, muted) && maySeePost(relationship, item, now),
    )
    .map(({ item }) => item)
}
