import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { migrate, readMigrations } from '../platform/database/migrate.ts'
import { hasCode } from '../platform/system-error.ts'

type Schema = { schema: string; directory: string }

// Held while a template is created, so that only one test process does it.
const templateLock = 0x6d6f626e

function onDatabase(url: string, database: string): string {
  const other = new URL(url)
  other.pathname = `/${database}`
  return other.href
}

/** The template's name depends on the content of the migrations, so an edited migration gets a new template. */
async function templateName(schemas: Schema[]): Promise<string> {
  const hash = createHash('sha256')
  for (const { schema, directory } of schemas) {
    hash.update(`${schema}\n`)
    for (const { name, checksum } of await readMigrations(directory)) hash.update(`${name} ${checksum}\n`)
  }
  return `moblog_template_${hash.digest('hex').slice(0, 16)}`
}

async function ensureTemplate(admin: pg.Client, url: string, schemas: Schema[]): Promise<string> {
  const template = await templateName(schemas)
  const exists = async () =>
    (await admin.query('SELECT FROM pg_database WHERE datname = $1', [template])).rowCount === 1
  if (await exists()) return template
  await admin.query(`SELECT pg_advisory_lock(${templateLock})`)
  try {
    if (await exists()) return template
    // The template gets its final name when all migrations are applied, so an interrupted run leaves no incomplete
    // template.
    const unfinished = `${template}_${randomUUID().slice(0, 8)}`
    await admin.query(`CREATE DATABASE ${unfinished} TEMPLATE template0`)
    for (const { schema, directory } of schemas)
      await migrate({ url: onDatabase(url, unfinished), schema, directory })
    await admin.query(`ALTER DATABASE ${unfinished} RENAME TO ${template}`)
    return template
  } finally {
    await admin.query(`SELECT pg_advisory_unlock(${templateLock})`)
  }
}

async function administer<T>(url: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}

// An autovacuum worker blocks dropping a database while it works on it, and only a superuser may end the worker.
async function dropDatabase(admin: pg.Client, name: string): Promise<void> {
  for (let attempts = 1; ; attempts++) {
    try {
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
      return
    } catch (error) {
      if (attempts === 50 || !hasCode(error, '42501')) throw error
      await sleep(100)
    }
  }
}

/**
 * Creates a database for one test with the migrations of the given schemas, each in its own PostgreSQL schema. It is
 * copied from a template in about 15 ms. The server is the one that jest/global-setup.ts opened. `drop()` disconnects
 * clients.
 */
export async function createTestDatabase({ schemas }: { schemas: Schema[] }) {
  const server = process.env.TEST_DATABASE_URL
  if (!server) throw new Error('no test database: jest/global-setup.ts has not run')
  const name = `moblog_test_${randomUUID().replaceAll('-', '')}`
  await administer(server, async (admin) => {
    const template = schemas.length > 0 ? await ensureTemplate(admin, server, schemas) : 'template0'
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`)
  })
  const drop = () => administer(server, (admin) => dropDatabase(admin, name))
  return { url: onDatabase(server, name), drop }
}
