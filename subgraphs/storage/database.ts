import { fileURLToPath } from 'node:url'
import { type Prisma, PrismaClient } from '../../generated/prisma/storage/client.ts'
import { migrate } from '../../platform/database/migrate.ts'
import { openPrismaAdapter } from '../../platform/database/pool.ts'
import type { Log } from '../../platform/log.ts'

/** The PostgreSQL schema that is storage's own. */
export const SCHEMA = 'storage'

/** Where its migrations are. */
export const MIGRATIONS = fileURLToPath(new URL('../../prisma/storage/migrations', import.meta.url))

/** Storage's tables, or a transaction on them. */
export type Db = Prisma.TransactionClient

/** Storage's tables, where transactions can begin. */
export type RootDb = PrismaClient

/** Brings the tables up to date and connects to them. */
export async function connect(url: string, log: Log) {
  await migrate({ url, schema: SCHEMA, directory: MIGRATIONS })
  const { adapter, pool } = openPrismaAdapter({ url, schema: SCHEMA, applicationName: 'moblog storage', log })
  const db: RootDb = new PrismaClient({ adapter })
  await db.$connect()
  return {
    db,
    async close() {
      await db.$disconnect()
      await pool.end()
    },
  }
}

/**
 * Runs something in a transaction. It may wait for a connection longer than Prisma would by itself, since a crowd that
 * comes at once is no error.
 */
export function inTransaction<T>(db: RootDb, work: (tx: Db) => Promise<T>): Promise<T> {
  return db.$transaction(work, { maxWait: 10_000, timeout: 15_000 })
}
