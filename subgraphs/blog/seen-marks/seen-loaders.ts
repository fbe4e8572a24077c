import DataLoader from 'dataloader'
import type { Clock } from '../../../platform/clock.ts'
import { perRequest } from '../../../platform/subgraph/per-request.ts'
import type { Context } from '../context.ts'
import type { Pool } from '../database.ts'
import type { VisibleMoblog } from '../moblogs/visible-moblog.ts'
import { countUnseen, findSeenMarks, type SeenMark } from './seen-mark-store.ts'

/** Batches reads of seen marks within one request. */
export type SeenLoaders = {
  /** The viewer's mark in a moblog. */
  mark: DataLoader<string, SeenMark | null>
  /** How many posts of a moblog the viewer has not seen. */
  unseenCount: DataLoader<VisibleMoblog, number, string>
}

/** Returns the loaders of a request. */
export type SeenLoadersOf = (context: Context) => SeenLoaders

/** Creates the loaders of each request. A viewer who is signed out has no marks and no unseen posts. */
export function createSeenLoaders(pool: Pool, clock: Clock): SeenLoadersOf {
  return perRequest(({ viewerId }: Context) => ({
    mark: new DataLoader(async (moblogIds) =>
      viewerId === null ? moblogIds.map(() => null) : findSeenMarks(pool, viewerId, moblogIds),
    ),
    unseenCount: new DataLoader(
      async (moblogs) =>
        viewerId === null ? moblogs.map(() => 0) : countUnseen(pool, viewerId, moblogs, clock()),
      { cacheKeyFn: ({ id }: VisibleMoblog) => id },
    ),
  }))
}
