import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import type { Log } from '../log.ts'
import { createOutageLog } from '../outage-log.ts'

type Options = {
  url: string
  /** PostgreSQL schema that the service owns; `public` is searched after it, for extensions. */
  schema: string
  /** Name shown in pg_stat_activity. */
  applicationName: string
  /** Connections at most. */
  max?: number
  log: Log
}

/** Settings of a session that works on `schema`, put into the connection string: they hold from the first query on. */
export function sessionUrl(url: string, schema: string): string {
  if (!/^[a-z][a-z0-9_]*$/.test(schema)) throw new Error(`not a schema name: ${schema}`)
  const session = new URL(url)
  // UTC: @prisma/adapter-pg stores other instants than it was given where the session's zone is another.
  const settings = `-c search_path=${schema},public -c TimeZone=UTC`
  const given = session.searchParams.get('options')
  session.searchParams.set('options', given ? `${given} ${settings}` : settings)
  session.searchParams.delete('schema') // Prisma's, unknown to PostgreSQL
  return session.href
}

/** Connections of one service to its schema. */
export function createPool({ url, schema, applicationName, max = 10, log }: Options): pg.Pool {
  const pool = new pg.Pool({
    connectionString: sessionUrl(url, schema),
    application_name: applicationName,
    max,
    connectionTimeoutMillis: 10_000,
  })
  // An idle connection that breaks is replaced on the next use; without a listener it would end the process.
  pool.on('error', createOutageLog(log, 'warn', 'an idle database connection broke'))
  return pool
}

/** Runs statements on any connection of a pool. */
export function statementsOn(pool: pg.Pool): (text: string, values: unknown[]) => Promise<unknown[]> {
  return async (text, values) => (await pool.query(text, values)).rows
}

const maxStatements = 500

/**
 * Names for prepared statements, one per text: PostgreSQL then plans a statement once per connection, which makes
 * queries of one client 25% faster. There is a limit, since a name is held by every connection for good; '' means
 * unnamed.
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
 * What a subgraph opens its generated client with: `new PrismaClient({ adapter })`. The pool is for SQL of one's own;
 * end it after `$disconnect()`.
 */
export function openPrismaAdapter(options: Options): { adapter: PrismaPg; pool: pg.Pool } {
  const pool = createPool(options)
  const adapter = new PrismaPg(pool, { schema: options.schema, statementNameGenerator: statementNames() })
  return { adapter, pool }
}
