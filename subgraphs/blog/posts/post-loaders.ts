import DataLoader from 'dataloader'
import type pg from 'pg'
import type { RelationshipLoader } from '../access/relationship-loader.ts'
import { maySeePost, type ViewerRelationship } from '../access/viewer-relationship.ts'
import { findPostPages, findPosts, type PostPageKey } from './post-store.ts'
import { type PostRow, type VisiblePost, visiblePost } from './visible-post.ts'

/** Batches reads of posts within one request. */
export type PostLoaders = {
  /** Pages of posts that the viewer may see, newest first. */
  page: DataLoader<PostPageKey, PostRow[], string>
  /** Posts by id; null if the viewer may not see the post. The ids must be UUIDs. */
  post: DataLoader<string, VisiblePost | null>
}

/** Creates the loaders for one request. */
export function createPostLoaders(
  pool: pg.Pool,
  relationships: RelationshipLoader,
  viewerId: string | null,
): PostLoaders {
  return {
    page: new DataLoader((keys) => findPostPages(pool, viewerId, keys), {
      cacheKeyFn: ({ moblogId, count, after }) => `${moblogId} ${count} ${after?.publishedAt} ${after?.id}`,
    }),
    post: new DataLoader(async (ids) => {
      const rows = await findPosts(pool, viewerId, ids)
      return Promise.all(rows.map((row) => row && ifVisible(row, relationships.load(row.moblogId))))
    }),
  }
}

async function ifVisible(row: PostRow, pending: Promise<ViewerRelationship>): Promise<VisiblePost | null> {
  const relationship = await pending
  return maySeePost(relationship, row.audience) ? visiblePost(row, relationship) : null
}
