import pg from 'pg'
import { PrismaClient } from '../../generated/prisma/communication/client.ts'
import { databaseFault } from '../../platform/database/database-error.ts'
import { openPrismaAdapter } from '../../platform/database/pool.ts'
import { createLog } from '../../platform/log.ts'
import { createTestDatabase } from '../../testing/database.ts'
import { connect, inTransaction, MIGRATIONS } from './database.ts'

const log = createLog('test', 'silent')
let database: Awaited<ReturnType<typeof createTestDatabase>>
let connected: Awaited<ReturnType<typeof connect>>

beforeAll(async () => {
  database = await createTestDatabase({ schemas: [{ schema: 'communication', directory: MIGRATIONS }] })
  connected = await connect(database.url, log)
})
afterAll(async () => {
  await connected.close()
  await database.drop()
})

const failureOf = (work: Promise<unknown>) => work.then(() => null, databaseFault)

describe('the cause of a statement that failed through Prisma', () => {
  it.each([
    ['a NUL character', 'SELECT $1::text', 'a\u0000b'],
    ['an invalid UUID', 'SELECT $1::uuid', 'nonsense'],
    ['a number that is out of range', 'SELECT $1::int', '99999999999'],
    ['an invalid date', 'SELECT $1::timestamptz', 'yesterdayish'],
    ['a date that is out of range', 'SELECT $1::timestamptz', '+275760-09-13T00:00:00.000Z'],
    ['invalid JSON', 'SELECT $1::jsonb', '{"a":"\\u0000"}'],
  ])('is "invalid value" for %s', async (_what, text, value) => {
    expect(await failureOf(connected.db.$queryRawUnsafe(text, value))).toBe('invalid value')
  })

  it('is "invalid value" for an invalid value in a query that Prisma generated', async () => {
    const search = connected.db.user.findMany({ where: { handle: '\u0000' } })
    expect(await failureOf(search)).toBe('invalid value')
  })

  it('is neither an invalid value nor an outage if the statement is wrong', async () => {
    expect(await failureOf(connected.db.$queryRawUnsafe('SELECT 1/0'))).toBeNull()
  })

  it('is an outage if the session is terminated during the statement', async () => {
    const waiting = failureOf(connected.db.$queryRawUnsafe('SELECT 1 FROM pg_sleep(30)'))
    const admin = new pg.Client({ connectionString: database.url })
    await admin.connect()
    for (let ended = 0; ended === 0; ) {
      const { rowCount } = await admin.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND query LIKE '%pg_sleep(30)%' AND pid <> pg_backend_pid()`,
      )
      ended = rowCount ?? 0
    }
    await admin.end()
    expect(await waiting).toBe('unavailable')
  })

  it('is an outage if the server is not there', async () => {
    const { adapter, pool } = openPrismaAdapter({
      ...{ url: 'postgresql://nobody@127.0.0.1:9/none', schema: 'public', applicationName: 'test', log },
    })
    const unreachable = new PrismaClient({ adapter })
    expect(await failureOf(unreachable.user.findMany())).toBe('unavailable')
    expect(await failureOf(inTransaction(unreachable, (tx) => tx.user.findMany()))).toBe('unavailable')
    await pool.end()
  })
})
