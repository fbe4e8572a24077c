import { type Module, mergeResolvers } from '../../../platform/module.ts'
import type { AccessModule } from '../access/module.ts'
import { APPLICATION_NAME, SCHEMA } from '../database.ts'
import type { Resources } from '../resources.ts'
import { rankingJob } from './ranking.ts'
import { homeMoblogsResolvers } from './resolvers/home-moblogs.ts'
import { searchMoblogsResolvers } from './resolvers/search-moblogs.ts'
import { searchBackfillJob } from './search-backfill.ts'
import { createSearchPool, searchPoolSize } from './search-store.ts'

/** The dependencies of this module. */
export type DiscoveryDeps = Pick<Resources, 'databaseUrl' | 'db' | 'pool' | 'clock' | 'share' | 'log'> & {
  access: Pick<AccessModule, 'relationships' | 'hiddenUserIds'>
  /** How often moblogs with new activity are ranked, in milliseconds; every second if undefined. */
  rankEveryMs: number | undefined
}

/** Finds moblogs of unknown users: the two lists of the home page, and search. */
export function discoveryModule(deps: DiscoveryDeps): Module {
  const { databaseUrl, db, pool, clock, share, log, access, rankEveryMs } = deps
  const { relationships, hiddenUserIds } = access
  const searchPool = createSearchPool({
    url: databaseUrl,
    schema: SCHEMA,
    applicationName: APPLICATION_NAME,
    max: searchPoolSize(share.poolSize),
    log,
  })
  return {
    resolvers: mergeResolvers([
      homeMoblogsResolvers({ pool, relationships }),
      searchMoblogsResolvers({ searchPool, clock, relationships, hiddenUserIds }),
    ]),
    jobs: [rankingJob(db, rankEveryMs), searchBackfillJob(pool)],
    async stop() {
      await searchPool.end()
    },
  }
}
