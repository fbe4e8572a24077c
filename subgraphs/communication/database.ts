import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { type Prisma, PrismaClient } from '../../generated/prisma/communication/client.ts'
import { migrate } from '../../platform/database/migrate.ts'
import { openPrismaAdapter } from '../../platform/database/pool.ts'
import type { Log } from '../../platform/log.ts'
import { WHOLE } from '../../platform/worker-share.ts'

/** The PostgreSQL schema of the communication service. */
const SCHEMA = 'communication'

/** The PostgreSQL schema of communication's outbox. */
export const OUTBOX_SCHEMA = 'communication_outbox'

/** The folder with the migrations of this schema. */
export const MIGRATIONS = fileURLToPath(new URL('../../prisma/communication/migrations', import.meta.url))

/** Communication's tables, or a transaction on them. */
export type Db = Prisma.TransactionClient

/** Communication's tables, on a client that can begin transactions. */
export type RootDb = PrismaClient

/** The connections of `RootDb`, for handwritten SQL outside of transactions. */
export type Pool = pg.Pool

/** Applies pending migrations and connects to the tables, with at most `max` connections. */
export async function connect(url: string, log: Log, max = WHOLE.poolSize) {
  await migrate({ url, schema: SCHEMA, directory: MIGRATIONS })
  const { adapter, pool } = openPrismaAdapter({
    url,
    schema: SCHEMA,
    applicationName: 'moblog communication',
    max,
    log,
  })
  const db: RootDb = new PrismaClient({ adapter })
  await db.$connect()
  return {
    db,
    pool,
    /** Rejects if the database does not answer. */
    async check() {
      await pool.query('SELECT 1')
    },
    async close() {
      await db.$disconnect()
      await pool.end()
    },
  }
}

/**
 * Runs work in a transaction. It waits longer for a connection than Prisma does by default, because many requests at
 * the same time are not an error.
 */
export function inTransaction<T>(db: RootDb, work: (tx: Db) => Promise<T>): Promise<T> {
  return db.$transaction(work, { maxWait: 10_000, timeout: 15_000 })
}
