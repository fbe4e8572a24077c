import DataLoader from 'dataloader'
import type { Clock } from '../../../platform/clock.ts'
import { newId } from '../../../platform/ids.ts'
import { createIdLoader } from '../../../platform/subgraph/id-loader.ts'
import { perRequest } from '../../../platform/subgraph/per-request.ts'
import type { RelationshipLoader, RelationshipsOf } from '../access/relationship-loader.ts'
import { maySeePost } from '../access/viewer-relationship.ts'
import type { Context } from '../context.ts'
import type { Pool } from '../database.ts'
import { findPostPages, findPosts, type PostPageKey, type PostRow } from './post-store.ts'
import { type VisiblePost, visiblePost } from './visible-post.ts'

/** Batches reads of posts within one request. */
export type PostLoaders = {
  /** Pages of posts that the viewer may see and has not hidden, newest first. */
  page: DataLoader<PostPageKey, PostRow[], string>
  /** Posts by id; null if the viewer may not see the post. */
  post: DataLoader<string, VisiblePost | null>
}

/** Returns the loaders of a request. */
export type PostLoadersOf = (context: Context) => PostLoaders

/** Creates the loaders of each request. */
export function createPostLoaders(pool: Pool, clock: Clock, relationships: RelationshipsOf): PostLoadersOf {
  return perRequest((context: Context) => ({
    page: new DataLoader((keys) => findPostPages(pool, context.viewerId, keys, clock()), {
      cacheKeyFn: ({ moblogId, count, after, isLasting = false }) =>
        `${moblogId} ${count} ${after?.publishedAt} ${after?.id} ${isLasting}`,
    }),
    post: createIdLoader(async (ids) => {
      const rows = await findPosts(pool, context.viewerId, ids)
      const loader = relationships(context)
      if (rows.length === ids.length && rows.every(({ moblogId }) => loader.isKnown(moblogId))) {
        const posts = await visibleOf(rows, loader, clock())
        if (posts.length === ids.length) return posts
      }
      // Asking also about a user whom nobody knows takes exactly one call, whether a post is missing, hidden, or hidden and
      // of an author who is known already. Otherwise the time of the answer would tell which it is.
      const [posts] = await Promise.all([visibleOf(rows, loader, clock()), loader.load(newId())])
      return posts
    }),
  }))
}

async function visibleOf(
  rows: readonly PostRow[],
  relationships: RelationshipLoader,
  now: Date,
): Promise<VisiblePost[]> {
  const posts = await Promise.all(
    rows.map(async (row) => {
      const relationship = await relationships.load(row.moblogId)
      return maySeePost(relationship, row, now) ? [visiblePost(row, relationship)] : []
    }),
  )
  return posts.flat()
}
