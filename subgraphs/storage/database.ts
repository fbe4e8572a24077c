import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { type Prisma, PrismaClient } from '../../generated/prisma/storage/client.ts'
import { migrate } from '../../platform/database/migrate.ts'
import { openPrismaAdapter } from '../../platform/database/pool.ts'
import type { Log } from '../../platform/log.ts'
import { WHOLE } from '../../platform/worker-share.ts'

/** The PostgreSQL schema of the storage service. */
export const SCHEMA = 'storage'

/** The PostgreSQL schema of storage's outbox, which also holds the rendition jobs. */
export const JOBS_SCHEMA = 'storage_jobs'

/** The folder with the migrations of this schema. */
export const MIGRATIONS = fileURLToPath(new URL('../../prisma/storage/migrations', import.meta.url))

/** Connections for statements that run very often. */
export type Pool = pg.Pool

/** Storage's tables, or a transaction on them. */
export type Db = Prisma.TransactionClient

/** Storage's tables, on a client that can begin transactions. */
export type RootDb = PrismaClient

/** Applies pending migrations and connects to the tables, with at most `max` connections. */
export async function connect(url: string, log: Log, max = WHOLE.poolSize) {
  await migrate({ url, schema: SCHEMA, directory: MIGRATIONS })
  const { adapter, pool } = openPrismaAdapter({
    url,
    schema: SCHEMA,
    applicationName: 'moblog storage',
    max,
    log,
  })
  const db: RootDb = new PrismaClient({ adapter })
  await db.$connect()
  return {
    db,
    /** For statements that run very often. */
    pool,
    /** Rejects if the database does not answer. */
    async check() {
      await db.$queryRaw`SELECT 1`
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
