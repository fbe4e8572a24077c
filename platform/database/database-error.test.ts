import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { PrismaClient } from '../../generated/prisma/communication/client.ts'
import { createTestDatabase } from '../../testing/database.ts'
import { createLog } from '../log.ts'
import { databaseFault } from './database-error.ts'
import { openPrismaAdapter } from './pool.ts'

const directory = fileURLToPath(new URL('../../prisma/communication/migrations', import.meta.url))
const log = createLog('test', 'silent')
let database: Awaited<ReturnType<typeof createTestDatabase>>
let pool: pg.Pool
let prisma: PrismaClient

beforeAll(async () => {
  database = await createTestDatabase({ schemas: [{ schema: 'communication', directory }] })
  const opened = openPrismaAdapter({
    url: database.url,
    schema: 'communication',
    applicationName: 'test',
    log,
  })
  pool = opened.pool
  prisma = new PrismaClient({ adapter: opened.adapter })
})
afterAll(async () => {
  await prisma.$disconnect()
  await pool.end()
  await database.drop()
})

const failureOf = (work: Promise<unknown>) => work.then(() => null, databaseFault)

describe('the cause of a failed statement', () => {
  it.each([
    ['a NUL character', 'SELECT $1::text', 'a\u0000b'],
    ['an invalid UUID', 'SELECT $1::uuid', 'nonsense'],
    ['a number that is out of range', 'SELECT $1::int', '99999999999'],
    ['an invalid date', 'SELECT $1::timestamptz', 'yesterdayish'],
    ['a date that is out of range', 'SELECT $1::timestamptz', '+275760-09-13T00:00:00.000Z'],
    ['invalid JSON', 'SELECT $1::jsonb', '{"a":"\\u0000"}'],
  ])('is "invalid value" for %s, also through Prisma', async (_what, text, value) => {
    expect(await failureOf(pool.query(text, [value]))).toBe('invalid value')
    expect(await failureOf(prisma.$queryRawUnsafe(text, value))).toBe('invalid value')
  })

  it('is "invalid value" for an invalid value in a query that Prisma generated', async () => {
    expect(await failureOf(prisma.user.findMany({ where: { handle: '\u0000' } }))).toBe('invalid value')
  })

  it('is neither an invalid value nor an outage if the statement is wrong', async () => {
    expect(await failureOf(pool.query('SELECT nonsense'))).toBeNull()
    expect(await failureOf(prisma.$queryRawUnsafe('SELECT 1/0'))).toBeNull()
  })

  it('is an outage if the session is terminated during the statement', async () => {
    const waiting = failureOf(pool.query('SELECT pg_sleep(30)'))
    const throughPrisma = failureOf(prisma.$queryRawUnsafe('SELECT 1 FROM pg_sleep(30)'))
    const admin = new pg.Client({ connectionString: database.url })
    await admin.connect()
    let ended = 0
    while (ended < 2) {
      const { rowCount } = await admin.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND query LIKE '%pg_sleep(30)%' AND pid <> pg_backend_pid()`,
      )
      ended += rowCount ?? 0
    }
    await admin.end()
    expect([await waiting, await throughPrisma]).toEqual(['unavailable', 'unavailable'])
  })

  it('is an outage if the server is not there, also through Prisma', async () => {
    const opened = openPrismaAdapter({
      ...{ url: 'postgresql://nobody@127.0.0.1:9/none', schema: 'public', applicationName: 'test', log },
    })
    const unreachable = new PrismaClient({ adapter: opened.adapter })
    expect(await failureOf(opened.pool.query('SELECT 1'))).toBe('unavailable')
    expect(await failureOf(unreachable.user.findMany())).toBe('unavailable')
    expect(await failureOf(unreachable.$transaction(async (tx) => tx.user.findMany()))).toBe('unavailable')
    await opened.pool.end()
  })
})
