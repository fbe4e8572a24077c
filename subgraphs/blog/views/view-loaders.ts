import DataLoader from 'dataloader'
import { perRequest } from '../../../platform/subgraph/per-request.ts'
import type { AccessModule } from '../access/module.ts'
import type { Context } from '../context.ts'
import type { Pool } from '../database.ts'
import { findViewerPages, findViewTotals, type PostViewer, type ViewerPageKey } from './view-store.ts'

/** Batches reads of views within one request. */
export type ViewLoaders = {
  /** How many users have viewed a post. */
  total: DataLoader<string, number>
  /** Pages of users who viewed a post of the viewer, without users who do not exist for the viewer. */
  viewers: DataLoader<ViewerPageKey, PostViewer[]>
}

/** Returns the loaders of a request. */
export type ViewLoadersOf = (context: Context) => ViewLoaders

/** Creates the loaders of each request. They cache nothing, because the request may itself count views. */
export function createViewLoaders(pool: Pool, access: Pick<AccessModule, 'hiddenUserIds'>): ViewLoadersOf {
  return perRequest(
    (context: Context): ViewLoaders => ({
      total: new DataLoader((postIds) => findViewTotals(pool, postIds), { cache: false }),
      viewers: new DataLoader(
        async (keys) => findViewerPages(pool, await access.hiddenUserIds(context), keys),
        { cache: false },
      ),
    }),
  )
}
