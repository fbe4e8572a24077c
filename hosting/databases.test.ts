import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { readSecrets } from '../platform/database/cluster.ts'
import { embeddedUrl } from '../platform/database/lifeline.ts'
import { migrate } from '../platform/database/migrate.ts'
import { openDatabase } from '../platform/database/open-database.ts'
import { createLog } from '../platform/log.ts'
import { databaseSetting, openDatabases } from './databases.ts'
import { SERVICES, SUBGRAPHS, type SubgraphName } from './services.ts'

const log = createLog('test', 'silent')
const folderOf = (name: string) => fileURLToPath(new URL(`../${name}/migrations`, import.meta.url))
const outboxOf = new Map(SERVICES.map(({ name, outboxSchema }) => [name, outboxSchema]))

/** Creates all tables of a service in the same way as the service does when it starts. */
async function migrateService(name: SubgraphName, url: string): Promise<void> {
  await migrate({ url, schema: name, directory: folderOf(`prisma/${name}`) })
  await migrate({ url, schema: outboxOf.get(name) ?? '', directory: folderOf('platform/outbox') })
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

/** Expects that each service can access all of its own tables and none of the others'. */
async function expectSeparation(urlOf: (name: SubgraphName) => string): Promise<void> {
  for (const name of SUBGRAPHS) {
    const tables = await query(
      urlOf(name),
      `SELECT n.nspname AS schema, c.oid::regclass::text AS table,
         has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE') AS all,
         has_schema_privilege(n.oid, 'USAGE, CREATE') OR has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, REFERENCES, TRIGGER') AS any
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind = 'r' AND n.nspname ~ '^(${SUBGRAPHS.join('|')})(_|$)'`,
    )
    expect(tables.length).toBeGreaterThan(20)
    for (const { schema, table, all, any } of tables) {
      const isOwn = `${schema}`.split('_')[0] === name
      expect({ name, table, all, any }).toEqual({ name, table, all: isOwn, any: isOwn })
    }
  }
}

describe('the databases of the services', () => {
  let dataDir: string
  beforeAll(async () => {
    dataDir = await mkdtemp(path.join(os.tmpdir(), 'moblog-databases-'))
    // The state that an earlier version left: everything belongs to one role.
    const earlier = await openDatabase({ dataDir, log })
    for (const name of ['communication', 'blog'] as const) await migrateService(name, earlier.url)
    await earlier.stop()
  })
  afterAll(() => rm(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }))

  it('give each service a role that has access to its own schemas only, also in a data folder of an earlier version', async () => {
    const databases = await openDatabases(SUBGRAPHS, { MOBLOG_DATA_DIR: dataDir }, log)
    try {
      await Promise.all(SUBGRAPHS.map((name) => migrateService(name, databases.urlOf(name))))
      await expectSeparation(databases.urlOf)
      const foreignRead = query(databases.urlOf('storage'), 'SELECT * FROM communication.users')
      await expect(foreignRead).rejects.toThrow('permission denied for schema communication')
      await expect(query(databases.urlOf('storage'), 'SET ROLE moblog_communication')).rejects.toThrow(
        'permission denied',
      )
      const [role] = await query(
        databases.urlOf('storage'),
        'SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user',
      )
      expect(role).toEqual({ rolsuper: false, rolcreaterole: false, rolcreatedb: false })
    } finally {
      await databases.stop()
    }
  })

  it('can use roles of a server that are set up with the SQL in docs/database-roles.md', async () => {
    const text = await readFile(new URL('../docs/database-roles.md', import.meta.url), 'utf8')
    const [create = '', handOver = ''] = [...text.matchAll(/```sql\n(.*?)```/gs)].map(([, sql]) => sql ?? '')
    const own = await openDatabase({ dataDir, log, services: SUBGRAPHS })
    try {
      const port = Number(new URL(own.url).port)
      const cluster = path.join(dataDir, 'postgres')
      const { superuser } = readSecrets(cluster)
      const admin = embeddedUrl(cluster, port, 'postgres', superuser)
      await query(admin, 'CREATE DATABASE moblog')
      const onServer = new URL(admin)
      onServer.pathname = '/moblog'
      await migrateService('communication', onServer.href)
      // The embedded PostgreSQL already has roles with these names. On a server, the administrator chooses them.
      const renamed = (sql: string) =>
        sql.replaceAll(new RegExp(`moblog_(${SUBGRAPHS.join('|')})`, 'g'), 'server_$1')
      await query(onServer.href, renamed(create))
      await query(onServer.href, renamed(handOver))
      const urlOf = (name: SubgraphName) => {
        const url = new URL(onServer)
        url.username = `server_${name}`
        const role = new RegExp(`ROLE moblog_${name} .*PASSWORD '(.+)'`).exec(create)
        url.password = role?.[1] ?? ''
        return url.href
      }
      const databases = await openDatabases(
        SUBGRAPHS,
        {
          MOBLOG_DATA_DIR: '/nonexistent',
          ...Object.fromEntries(SUBGRAPHS.map((name) => [databaseSetting(name), urlOf(name)])),
        },
        log,
      )
      await Promise.all(SUBGRAPHS.map((name) => migrateService(name, databases.urlOf(name))))
      await expectSeparation(databases.urlOf)
      await databases.stop()
    } finally {
      await own.stop()
    }
  })

  it('are refused, and the missing settings are named, if only some services have an address', async () => {
    const some = { MOBLOG_DATA_DIR: dataDir, STORAGE_DATABASE_URL: 'postgresql://localhost/x' }
    await expect(openDatabases(SUBGRAPHS, some, log)).rejects.toThrow(
      /COMMUNICATION_DATABASE_URL: must be set too.*\n.*BLOG_DATABASE_URL: must be set too/,
    )
  })
})
