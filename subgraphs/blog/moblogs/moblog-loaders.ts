import DataLoader from 'dataloader'
import type { Clock } from '../../../platform/clock.ts'
import { perRequest } from '../../../platform/subgraph/per-request.ts'
import type { Context } from '../context.ts'
import type { Pool } from '../database.ts'
import { countPosts, findLatest, findMoblogTexts, type MoblogText } from './moblog-store.ts'
import type { VisibleMoblog } from './visible-moblog.ts'

/** Batches reads of moblogs within one request. */
export type MoblogLoaders = {
  text: DataLoader<string, MoblogText>
  postCount: DataLoader<VisibleMoblog, number, string>
  latest: DataLoader<VisibleMoblog, Date | null, string>
}

/** Returns the loaders of a request. */
export type MoblogLoadersOf = (context: Context) => MoblogLoaders

/** Creates the loaders of each request. */
export function createMoblogLoaders(pool: Pool, clock: Clock): MoblogLoadersOf {
  const byId = { cacheKeyFn: ({ id }: VisibleMoblog) => id }
  return perRequest(({ viewerId }: Context) => ({
    text: new DataLoader((ids) => findMoblogTexts(pool, ids)),
    postCount: new DataLoader((moblogs) => countPosts(pool, viewerId, moblogs, clock()), byId),
    latest: new DataLoader((moblogs) => findLatest(pool, viewerId, moblogs, clock()), byId),
  }))
}
