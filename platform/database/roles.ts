import pg from 'pg'
import type { Secrets } from './cluster.ts'

/**
 * Gives the product a role of its own, which may create databases (for tests, and for migrations) but, unlike the
 * superuser, neither read files nor run programs on the server. Statement statistics are there for tests that count
 * statements. Run at every start, so that one which was cut short does not matter.
 */
export async function prepareRoles(session: pg.Client, secrets: Secrets): Promise<void> {
  const { rowCount } = await session.query(`SELECT FROM pg_roles WHERE rolname = 'moblog'`)
  if (rowCount) return
  await session.query(`
    CREATE EXTENSION IF NOT EXISTS pg_stat_statements WITH SCHEMA public;
    CREATE ROLE moblog LOGIN CREATEDB PASSWORD ${pg.escapeLiteral(secrets.moblog)};
    GRANT pg_monitor TO moblog;
    ALTER DATABASE postgres OWNER TO moblog;
    GRANT EXECUTE ON FUNCTION pg_stat_statements_reset(oid, oid, bigint, boolean) TO moblog;
  `)
}
