import { fileURLToPath } from 'node:url'
import type { z } from 'zod'
import { PrismaClient } from '../../generated/prisma/communication/client.ts'
import { createWriteLimit } from '../../platform/allowances/write-limits.ts'
import { type Clock, systemClock } from '../../platform/clock.ts'
import { migrate } from '../../platform/database/migrate.ts'
import { openPrismaAdapter, statementsOn } from '../../platform/database/pool.ts'
import { openDatabaseFeed } from '../../platform/feed/database-feed.ts'
import { readIdentityProvider } from '../../platform/identity/identity-provider-settings.ts'
import { startJobs } from '../../platform/jobs/jobs.ts'
import { openOutbox } from '../../platform/outbox/outbox.ts'
import type { Host, Service } from '../../platform/service.ts'
import { createInternalApi } from '../../platform/subgraph/internal-api.ts'
import { createSubgraph } from '../../platform/subgraph/subgraph.ts'
import { internalSdl, subgraphSdl } from '../../schema/subgraph-sdl.ts'
import { createTokenIssuer } from './access/token-issuer.ts'
import { createTokenRevocations, revocationDelivery } from './access/token-revocations.ts'
import { createAttempts } from './accounts/attempts.ts'
import { preparePasswords } from './accounts/password.ts'
import type { communicationConfig } from './config.ts'
import { createContext } from './context.ts'
import { erasureDelivery } from './erasure/erasure-delivery.ts'
import { requestLimits } from './friends/request-limits.ts'
import { housekeepingJobs } from './housekeeping.ts'
import { INBOX_CHANNEL } from './notifications/deliver.ts'
import { shareDelivery } from './notifications/post-activity.ts'
import { pruningJob } from './notifications/retention.ts'
import { createInternalResolvers, createResolvers } from './resolvers.ts'
import { abandonedUploads, abandonUpload } from './uploads/abandoned-uploads.ts'
import { createStorageClient } from './uploads/storage-client.ts'
import { WRITES_PER_MINUTE } from './write-limits.ts'

const NAME = 'communication'

/** The folder with the migrations of communication's PostgreSQL schema. */
export const MIGRATIONS = fileURLToPath(new URL('../../prisma/communication/migrations', import.meta.url))

/**
 * Starts the communication service. It knows the users and their relationships, decides who may do what, and signs
 * every key and token.
 *
 * @param clock the time source for all decisions, stored times and signatures
 */
export async function startCommunication(
  host: Host,
  config: z.infer<typeof communicationConfig>,
  clock: Clock = systemClock,
): Promise<Service> {
  const { keyring, databaseUrl: url, log } = host
  await migrate({ url, schema: NAME, directory: MIGRATIONS })
  const { adapter, pool } = openPrismaAdapter({ url, schema: NAME, applicationName: `moblog ${NAME}`, log })
  // If many requests arrive at once, they wait for a connection longer than Prisma's default.
  const db = new PrismaClient({ adapter, transactionOptions: { maxWait: 10_000, timeout: 15_000 } })
  const timeoutMs = config.STORAGE_TIMEOUT_SECONDS * 1000
  const storage = createStorageClient(() => host.peer('storage'), {
    ...{ timeoutMs, log },
    lost: (upload) => abandonUpload(outbox.enqueue, db, upload, 2 * timeoutMs),
  })
  const handlers = {
    ...revocationDelivery(host.peer),
    ...shareDelivery(db),
    ...erasureDelivery({ db, peer: host.peer, clock }),
    ...abandonedUploads(storage),
  }
  const [outbox, feed] = await Promise.all([
    openOutbox({ url, schema: `${NAME}_outbox`, log, handlers }),
    openDatabaseFeed({ url, channel: INBOX_CHANNEL, log }),
    preparePasswords(),
    db.$connect(),
  ])

  const revocations = createTokenRevocations(outbox.enqueue)
  const deps = {
    db,
    pool,
    clock,
    enqueue: outbox.enqueue,
    resume: outbox.resume,
    sessions: {
      db,
      keyring,
      clock,
      revocations,
      accessSeconds: config.SESSION_TOKEN_SECONDS,
      idleSeconds: config.SESSION_IDLE_SECONDS,
    },
    attempts: createAttempts(pool, config.SIGN_UPS_PER_ADDRESS),
    signsInElsewhere: readIdentityProvider(config) !== null,
    tokens: createTokenIssuer({
      keyring,
      clock,
      storageUrl: config.STORAGE_PUBLIC_URL ?? config.PUBLIC_URL,
      blogUrl: config.BLOG_PUBLIC_URL ?? config.PUBLIC_URL,
      pageSeconds: config.PAGE_TOKEN_SECONDS,
      mediaSeconds: config.MEDIA_TOKEN_SECONDS,
      mediaSlackSeconds: config.MEDIA_TOKEN_SLACK_SECONDS,
    }),
    revocations,
    storage,
    keys: { keyring, clock, lifetimeSeconds: config.UPLOAD_KEY_SECONDS },
    requestLimits: requestLimits({
      perDay: config.FRIEND_REQUESTS_PER_DAY,
      perPair: config.FRIEND_REQUESTS_PER_PAIR,
    }),
  }

  const jobs = startJobs(
    [
      ...housekeepingJobs({ db, pool, clock, log }),
      pruningJob({ pool, clock, retentionDays: config.NOTIFICATION_RETENTION_DAYS, log }),
    ],
    log,
  )

  return {
    subgraph: createSubgraph({
      name: NAME,
      typeDefs: subgraphSdl('communication'),
      resolvers: createResolvers(deps),
      context: (caller) => createContext(pool, caller),
      limitWrite: createWriteLimit({
        run: statementsOn(pool),
        clock,
        perMinute: WRITES_PER_MINUTE,
        scale: config.WRITE_LIMIT_SCALE,
      }),
      log,
    }),
    internal: createInternalApi({
      name: NAME,
      typeDefs: internalSdl('communication'),
      resolvers: createInternalResolvers(deps),
      context: (caller) => ({ caller }),
      log,
    }),
    routes: [],
    feed,
    async ready() {
      await pool.query('SELECT 1')
    },
    async stop() {
      await Promise.all([jobs.stop(), outbox.stop(), feed.close()])
      await db.$disconnect()
      await pool.end()
    },
  }
}
