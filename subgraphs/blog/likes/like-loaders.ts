import DataLoader from 'dataloader'
import { perRequest } from '../../../platform/subgraph/per-request.ts'
import type { AccessModule } from '../access/module.ts'
import type { Context } from '../context.ts'
import type { Pool } from '../database.ts'
import { findLikePages, type LikePageKey, type Liker } from './like-list-store.ts'

/** Loads pages of users who like a post. Users who do not exist for the viewer are left out. */
export type LikePageLoader = DataLoader<LikePageKey, Liker[]>

/** Returns the loader of a request. */
export type LikePagesOf = (context: Context) => LikePageLoader

/** Creates the loader of each request. */
export function createLikePages(
  pool: Pool,
  { hiddenUserIds }: Pick<AccessModule, 'hiddenUserIds'>,
): LikePagesOf {
  return perRequest(
    (context: Context): LikePageLoader =>
      // Not cached: this request may itself add a like or take one back.
      new DataLoader(async (keys) => findLikePages(pool, await hiddenUserIds(context), keys), {
        cache: false,
      }),
  )
}
