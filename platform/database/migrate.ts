import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { sessionUrl } from './pool.ts'

type Migration = { name: string; sql: string; checksum: string }

type Options = {
  url: string
  /** The PostgreSQL schema; created if it does not exist. */
  schema: string
  /** A folder with `<timestamp>_<name>/migration.sql`. */
  directory: string
}

// The advisory lock of Prisma's schema engine, so `prisma migrate deploy` and this code never run at the same time.
const prismaLock = 72707369

/** Reads a folder of migrations, in the order in which they are applied. */
export async function readMigrations(directory: string): Promise<Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(path.join(directory, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

/**
 * Returns the migrations that the database lacks. Throws if a migration failed before, or was edited after it was
 * applied.
 */
async function findPending(client: pg.Client, table: string, migrations: Migration[]): Promise<Migration[]> {
  const { rows } = await client.query<{ migration_name: string; checksum: string; finished_at: Date | null }>(
    `SELECT migration_name, checksum, finished_at FROM ${table} WHERE rolled_back_at IS NULL`,
  )
  const failed = rows.find((row) => !row.finished_at)
  if (failed) {
    throw new Error(
      `migration ${failed.migration_name} failed before; mark it with "npm run migrate -- <subgraph> resolve"`,
    )
  }
  const applied = new Map(rows.map((row) => [row.migration_name, row.checksum]))
  return migrations.filter(({ name, checksum }) => {
    const known = applied.get(name)
    if (known && known !== checksum)
      throw new Error(`migration ${name} was edited after it was applied; restore it and add a new migration`)
    return !known
  })
}

async function applyMigration(
  client: pg.Client,
  table: string,
  { name, sql, checksum }: Migration,
): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query(sql)
    await client.query(
      `INSERT INTO ${table} (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), now(), 1)`,
      [randomUUID(), checksum, name],
    )
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw new Error(`migration ${name} failed: ${(error as Error).message}`, { cause: error })
  }
}

/**
 * Applies the missing migrations of a subgraph without the Prisma CLI. It records them as `prisma migrate deploy` does,
 * with the same table, checksums and lock. Each migration has its own transaction, so a failed one leaves no changes.
 * Any number of processes may do this at the same time.
 *
 * @returns the names of the migrations that it applied
 */
export async function migrate({ url, schema, directory }: Options): Promise<string[]> {
  const migrations = await readMigrations(directory)
  const quoted = pg.escapeIdentifier(schema)
  const table = `${quoted}."_prisma_migrations"`
  const client = new pg.Client({
    connectionString: sessionUrl(url, schema),
    application_name: `moblog migrate ${schema}`,
  })
  await client.connect()
  try {
    await client.query(`SELECT pg_advisory_lock(${prismaLock})`)
    await client.query(`SET client_min_messages = warning`) // hides "already exists, skipping"
    // "IF NOT EXISTS" needs the right to create a schema even if the schema exists.
    const { rowCount } = await client.query('SELECT FROM pg_namespace WHERE nspname = $1', [schema])
    if (!rowCount) await client.query(`CREATE SCHEMA ${quoted}`)
    await client.query(`CREATE TABLE IF NOT EXISTS ${table} (
      id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
      migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
      started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`)
    const pending = await findPending(client, table, migrations)
    for (const migration of pending) await applyMigration(client, table, migration)
    return pending.map(({ name }) => name)
  } finally {
    await client.end() // also releases the lock
  }
}
