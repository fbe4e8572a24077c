import type { Context } from '../context.ts'
import type { Pool } from '../database.ts'
import type { PostLoadersOf } from '../posts/post-loaders.ts'
import { readUntilFull } from '../posts/read-until-full.ts'
import type { VisiblePost } from '../posts/visible-post.ts'
import { findHiddenItems, type HiddenItem, type HiddenPosition } from './hidden-post-store.ts'

/** The dependencies of `readHiddenPosts`. */
export type ReadHiddenDeps = { pool: Pool; posts: PostLoadersOf }

/** A post that the viewer has hidden, and may still see. */
export type HiddenPost = HiddenItem & { post: VisiblePost }

/**
 * The first `count` posts after a position that the viewer has hidden, newest hidden first. Posts that the viewer may no
 * longer see are left out; a user can hide 5,000 posts, so the reads are bounded.
 */
export function readHiddenPosts(
  { pool, posts }: ReadHiddenDeps,
  viewerId: string,
  page: { after: HiddenPosition | null; count: number },
  context: Context,
): Promise<HiddenPost[]> {
  return readUntilFull(page, {
    read: (range) => findHiddenItems(pool, viewerId, range),
    async filter(items) {
      const loaded = await Promise.all(
        items.map(async (item) => ({ ...item, post: await posts(context).post.load(item.id) })),
      )
      return loaded.flatMap(({ post, ...item }) => (post ? [{ ...item, post }] : []))
    },
    positionOf: ({ id, hiddenAt }: HiddenItem) => ({ id, hiddenAt: hiddenAt.toISOString() }),
  })
}
