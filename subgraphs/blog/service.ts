import { fileURLToPath } from 'node:url'
import { PrismaClient } from '../../generated/prisma/blog/client.ts'
import { createWriteLimit } from '../../platform/allowances/write-limits.ts'
import { type Clock, systemClock } from '../../platform/clock.ts'
import { migrate } from '../../platform/database/migrate.ts'
import { openPrismaAdapter, statementsOn } from '../../platform/database/pool.ts'
import { startJobs } from '../../platform/jobs/jobs.ts'
import { openOutbox } from '../../platform/outbox/outbox.ts'
import type { Host, Service } from '../../platform/service.ts'
import { createInternalApi } from '../../platform/subgraph/internal-api.ts'
import { createSubgraph } from '../../platform/subgraph/subgraph.ts'
import { internalSdl, subgraphSdl } from '../../schema/subgraph-sdl.ts'
import { askCommunication } from './access/communication.ts'
import { activityDelivery, createActivityReports } from './activity/activity-reports.ts'
import type { BlogConfig } from './config.ts'
import { createContext } from './context.ts'
import { rankingJob } from './discovery/ranking.ts'
import { searchBackfillJob } from './discovery/search-backfill.ts'
import { createSearchPool } from './discovery/search-store.ts'
import { housekeepingJob } from './housekeeping.ts'
import { catchUpWithRevocations } from './pages/catch-up-with-revocations.ts'
import { pageRoute } from './pages/page-route.ts'
import { publicAddresses } from './pages/public-addresses.ts'
import { askPageSources } from './pages/shown-media.ts'
import { settlingJob } from './posts/settling.ts'
import { createInternalResolvers, createResolvers } from './resolvers.ts'
import { WRITES_PER_MINUTE } from './write-limits.ts'

/** The directory of the migrations of the blog's PostgreSQL schema. */
export const blogMigrations = fileURLToPath(new URL('../../prisma/blog/migrations', import.meta.url))

/** Options that tests may set. */
export type BlogOptions = { clock?: Clock; communicationTimeoutMs?: number; backgroundEveryMs?: number }

/** Starts the service that owns moblogs, posts and the pages that show them. */
export async function startBlog(host: Host, config: BlogConfig, options: BlogOptions = {}): Promise<Service> {
  const { log, verifier } = host
  const { clock = systemClock } = options
  const database = { url: host.databaseUrl, schema: 'blog' }
  await migrate({ ...database, directory: blogMigrations })
  const { adapter, pool } = openPrismaAdapter({ ...database, applicationName: 'moblog blog', log })
  const searchPool = createSearchPool({ ...database, applicationName: 'moblog blog', log })
  const prisma = new PrismaClient({ adapter })
  await prisma.$connect()
  const addresses = publicAddresses(config.BLOG_PUBLIC_URL ?? config.PUBLIC_URL)
  const sources = askPageSources(host.peer('communication'), host.peer('storage'))
  const communication = askCommunication(host.peer('communication'), options.communicationTimeoutMs)
  const outbox = await openOutbox({
    url: host.databaseUrl,
    schema: 'blog_outbox',
    log,
    handlers: activityDelivery(() => host.peer('communication')),
  })
  const reportActivity = createActivityReports(outbox.enqueue)
  const dependencies = { prisma, communication, clock, reportActivity }
  const caughtUp = catchUpWithRevocations(pool, host.peer('communication'))
  const jobs = [
    settlingJob(dependencies, options.backgroundEveryMs),
    rankingJob(prisma, options.backgroundEveryMs),
    housekeepingJob({ ...dependencies, pool }),
    searchBackfillJob(pool),
    caughtUp.job,
  ]
  const running = startJobs(jobs, log)
  const subgraph = createSubgraph({
    name: 'blog',
    typeDefs: subgraphSdl('blog'),
    resolvers: createResolvers({ ...dependencies, pool, searchPool }),
    context: (caller) => createContext(pool, communication, caller),
    limitWrite: createWriteLimit({
      run: statementsOn(pool),
      clock,
      perMinute: WRITES_PER_MINUTE,
      scale: config.WRITE_LIMIT_SCALE,
    }),
    log,
  })
  const internal = createInternalApi({
    name: 'blog',
    typeDefs: internalSdl('blog'),
    resolvers: createInternalResolvers(pool),
    context: (caller) => ({ caller }),
    log,
  })
  return {
    subgraph,
    internal,
    routes: [
      pageRoute({ pool, communication, sources, verifier, addresses, knowsRevocations: caughtUp.isDone }),
    ],
    async ready() {
      await pool.query('SELECT 1')
      if (!caughtUp.isDone())
        throw new Error(
          'communication has not yet answered which tokens were revoked while this service was down',
        )
    },
    async stop() {
      await Promise.all([running.stop(), outbox.stop()])
      await prisma.$disconnect()
      await Promise.all([pool.end(), searchPool.end()])
    },
  }
}
