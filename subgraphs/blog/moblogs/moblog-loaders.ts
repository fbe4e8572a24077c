import DataLoader from 'dataloader'
import type pg from 'pg'
import { countPosts, findLatest, findMoblogTexts, type MoblogText } from './moblog-store.ts'
import type { VisibleMoblog } from './visible-moblog.ts'

/** Batches reads of moblogs within one request. */
export type MoblogLoaders = {
  text: DataLoader<string, MoblogText>
  postCount: DataLoader<VisibleMoblog, number, string>
  latest: DataLoader<VisibleMoblog, Date | null, string>
}

/** Creates the loaders for one request. */
export function createMoblogLoaders(pool: pg.Pool): MoblogLoaders {
  const byId = { cacheKeyFn: ({ id }: VisibleMoblog) => id }
  return {
    text: new DataLoader((ids) => findMoblogTexts(pool, ids)),
    postCount: new DataLoader((moblogs) => countPosts(pool, moblogs), byId),
    latest: new DataLoader((moblogs) => findLatest(pool, moblogs), byId),
  }
}
