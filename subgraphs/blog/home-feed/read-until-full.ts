import type { PostPosition } from '../posts/post-store.ts'
import type { FeedItem, FeedRange } from './feed-item-store.ts'

const READ_AT_ONCE = 500

/**
 * Reads on in a home feed until `count` items remain after a filter, or until the feed ends. The filter rarely removes
 * anything, because items of posts that the viewer may no longer see are removed soon. The reads grow, so that a feed
 * in which nothing is visible takes a few of them; and a feed is bounded.
 */
export async function readUntilFull<Item extends FeedItem, Kept>(
  { after, count }: { after: PostPosition | null; count: number },
  read: (range: FeedRange) => Promise<Item[]>,
  filter: (items: Item[]) => Promise<Kept[]>,
): Promise<Kept[]> {
  const kept: Kept[] = []
  let range: FeedRange = { after, limit: count }
  while (true) {
    const items = await read(range)
    kept.push(...(await filter(items)))
    const last = items.at(-1)
    if (!last || items.length < range.limit || kept.length >= count) return kept.slice(0, count)
    const position = { publishedAt: last.publishedAt.toISOString(), id: last.id }
    range = { after: position, limit: Math.min(4 * range.limit, READ_AT_ONCE) }
  }
}
