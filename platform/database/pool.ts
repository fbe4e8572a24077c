import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import type { Log } from '../log.ts'
import { createOutageLog } from '../outage-log.ts'
import { observePool } from './observed-pool.ts'
import { closeSilentConnections } from './silent-connections.ts'

// A new connection costs PostgreSQL a process, and it plans each prepared statement anew. Users come in waves, so
// connections stay open between them.
const IDLE_MS = 120_000

type Options = {
  url: string
  /** The PostgreSQL schema that the service owns. `public` is searched after it, for extensions. */
  schema: string
  /** The name shown in pg_stat_activity. */
  applicationName: string
  /** The largest number of connections. */
  max?: number
  /** After how many milliseconds without an answer a connection counts as lost. */
  silentMs?: number
  log: Log
}

/** Adds the session settings for `schema` to a connection string, so they apply from the first query on. */
export function sessionUrl(url: string, schema: string): string {
  if (!/^[a-z][a-z0-9_]*$/.test(schema))
    throw new Error(`not a schema name: "${schema}"; use lower-case letters, digits and "_"`)
  const session = new URL(url)
  // UTC, because @prisma/adapter-pg stores wrong instants if the session has another time zone.
  const settings = `-c search_path=${schema},public -c TimeZone=UTC`
  const given = session.searchParams.get('options')
  session.searchParams.set('options', given ? `${given} ${settings}` : settings)
  session.searchParams.delete('schema') // Prisma's parameter, unknown to PostgreSQL
  return session.href
}

/** Creates the connection pool of one service for its schema. */
export function createPool({ url, schema, applicationName, max = 10, silentMs, log }: Options): pg.Pool {
  const pool = new pg.Pool({
    connectionString: sessionUrl(url, schema),
    application_name: applicationName,
    max,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: IDLE_MS,
    keepAlive: true,
  })
  closeSilentConnections(pool, silentMs)
  // The pool replaces a broken idle connection on the next use. Without a listener, the error would end the process.
  pool.on('error', createOutageLog(log, 'warn', 'idle database connection lost'))
  observePool(pool, schema)
  return pool
}

/** Runs statements on any connection of a pool. */
export function statementsOn(pool: pg.Pool): (text: string, values: unknown[]) => Promise<unknown[]> {
  return async (text, values) => (await pool.query(text, values)).rows
}

const maxStatements = 500

/**
 * Creates names for prepared statements, one per text. PostgreSQL then plans a statement once per connection, which
 * makes the queries of one client 25% faster. Every connection keeps a name forever, so the number of names is limited.
 * Returns '' for an unnamed statement.
 */
export function statementNames(limit = maxStatements): (query: { sql: string }) => string {
  const names = new Map<string, string>()
  return ({ sql }) => {
    const known = names.get(sql)
    if (known !== undefined) return known
    if (names.size >= limit) return ''
    const name = `s${names.size}`
    names.set(sql, name)
    return name
  }
}

/**
 * Creates the adapter for a subgraph's generated client: `new PrismaClient({ adapter })`. The pool is for handwritten
 * SQL. End the pool after `$disconnect()`.
 */
export function openPrismaAdapter(options: Options): { adapter: PrismaPg; pool: pg.Pool } {
  const pool = createPool(options)
  const adapter = new PrismaPg(pool, { schema: options.schema, statementNameGenerator: statementNames() })
  return { adapter, pool }
}
