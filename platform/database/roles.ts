import { createHmac } from 'node:crypto'
import pg from 'pg'
import type { Secrets } from './cluster.ts'

/** The name of the role that a service connects as. */
export function serviceRole(service: string): string {
  return `moblog_${service}`
}

/**
 * The password of a service's role. It is derived from the superuser's, so databases of earlier versions have one too.
 */
export function servicePassword({ superuser }: Secrets, service: string): string {
  return createHmac('sha256', superuser).update(serviceRole(service)).digest('base64url')
}

/**
 * Creates the product's role and one role per service. The product's role may create databases (for tests and for
 * migrations). Unlike the superuser, it cannot read files or run programs on the server. A service's role can reach
 * only its own schemas: the schema named like the service, and schemas whose name continues with `_`. Tests that count
 * statements need pg_stat_statements. All this runs at every start in one transaction, so an interrupted start does no
 * harm.
 */
export async function prepareRoles(
  session: pg.Client,
  secrets: Secrets,
  services: readonly string[],
): Promise<void> {
  await session.query('BEGIN')
  await prepareProductRole(session, secrets)
  for (const service of services) await prepareServiceRole(session, secrets, service)
  await session.query('COMMIT')
}

async function prepareProductRole(session: pg.Client, secrets: Secrets): Promise<void> {
  if (await hasRole(session, 'moblog')) return
  await session.query(`
    CREATE EXTENSION IF NOT EXISTS pg_stat_statements WITH SCHEMA public;
    CREATE ROLE moblog LOGIN CREATEDB PASSWORD ${pg.escapeLiteral(secrets.moblog)};
    GRANT pg_monitor TO moblog;
    ALTER DATABASE postgres OWNER TO moblog;
    GRANT EXECUTE ON FUNCTION pg_stat_statements_reset(oid, oid, bigint, boolean) TO moblog;
  `)
}

// `moblog` is a member of the role, so `npm run migrate` can work on all schemas. Services do not connect as `moblog`.
async function prepareServiceRole(session: pg.Client, secrets: Secrets, service: string): Promise<void> {
  const role = serviceRole(service)
  if (!(await hasRole(session, role))) {
    await session.query(`
      CREATE ROLE ${role} LOGIN PASSWORD ${pg.escapeLiteral(servicePassword(secrets, service))};
      GRANT CREATE ON DATABASE postgres TO ${role};
      GRANT ${role} TO moblog;
    `)
  }
  await session.query(ownSchemas(service, role))
}

/**
 * Returns SQL that makes a role the owner of a service's schemas and of everything in them. Another role may have
 * created them: that of an earlier version of the product, or of `npm run migrate`.
 */
function ownSchemas(service: string, role: string): string {
  if (![service, role].every((name) => /^[a-z][a-z0-9_]*$/.test(name)))
    throw new Error('invalid service or schema name')
  return `
    DO $$
    DECLARE
      command text;
    BEGIN
      FOR command IN
        WITH own AS (
          SELECT oid, nspname, nspowner FROM pg_namespace
          WHERE nspname = '${service}' OR nspname LIKE '${service}_%'
        ), other AS (SELECT '${role}'::regrole::oid AS owner)
        SELECT format('ALTER SCHEMA %I OWNER TO ${role}', nspname) FROM own, other WHERE nspowner <> owner
        UNION ALL
        SELECT format('ALTER TABLE %s OWNER TO ${role}', c.oid::regclass)
        FROM pg_class c JOIN own ON c.relnamespace = own.oid, other
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND c.relowner <> owner
          -- The sequence of a column follows its table.
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                          AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0)
        UNION ALL
        SELECT format('ALTER TYPE %s OWNER TO ${role}', t.oid::regtype)
        FROM pg_type t JOIN own ON t.typnamespace = own.oid, other
        WHERE t.typtype IN ('e', 'd') AND t.typowner <> owner
        UNION ALL
        SELECT format('ALTER ROUTINE %s OWNER TO ${role}', p.oid::regprocedure)
        FROM pg_proc p JOIN own ON p.pronamespace = own.oid, other
        WHERE p.proowner <> owner
      LOOP
        EXECUTE command;
      END LOOP;
    END $$`
}

async function hasRole(session: pg.Client, role: string): Promise<boolean> {
  const { rowCount } = await session.query('SELECT FROM pg_roles WHERE rolname = $1', [role])
  return rowCount === 1
}

/**
 * Whether all services have their roles. The transaction that creates the roles also creates everything that belongs to
 * them.
 */
export async function haveRoles(session: pg.Client, services: readonly string[]): Promise<boolean> {
  const { rowCount } = await session.query('SELECT FROM pg_roles WHERE rolname = ANY ($1)', [
    services.map(serviceRole),
  ])
  return rowCount === services.length
}
