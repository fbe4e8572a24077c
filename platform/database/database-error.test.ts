import pg from 'pg'
import { createTestDatabase } from '../../testing/database.ts'
import { createLog } from '../log.ts'
import { databaseFault } from './database-error.ts'
import { createPool } from './pool.ts'

const log = createLog('test', 'silent')
let database: Awaited<ReturnType<typeof createTestDatabase>>
let pool: pg.Pool

beforeAll(async () => {
  database = await createTestDatabase({ schemas: [] })
  pool = createPool({ url: database.url, schema: 'public', applicationName: 'test', log })
})
afterAll(async () => {
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
  ])('is "invalid value" for %s', async (_what, text, value) => {
    expect(await failureOf(pool.query(text, [value]))).toBe('invalid value')
  })

  it('is "deleted meanwhile" for a reference to a row that does not exist', async () => {
    await pool.query('CREATE TABLE parents (id int PRIMARY KEY)')
    await pool.query('CREATE TABLE children (parent_id int REFERENCES parents)')
    expect(await failureOf(pool.query('INSERT INTO children VALUES (1)'))).toBe('deleted meanwhile')
  })

  it('is "unavailable" for a statement that was prepared before a migration, and the next attempt works', async () => {
    await pool.query('CREATE TABLE counts (n int)')
    const read = { name: 'read counts', text: 'SELECT n FROM counts' }
    await pool.query(read)
    await pool.query('ALTER TABLE counts ALTER COLUMN n TYPE bigint')
    expect(await failureOf(pool.query(read))).toBe('unavailable')
    expect((await pool.query(read)).rows).toEqual([])
  })

  it('is "unavailable" for such a statement also if PostgreSQL speaks another language', async () => {
    const german = Object.assign(new Error('gecachter Plan darf den Ergebnistyp nicht ändern'), {
      code: '0A000',
      routine: 'RevalidateCachedQuery',
    })
    expect(databaseFault(german)).toBe('unavailable')
    expect(databaseFault({ ...german, routine: 'transformSetOperationTree' })).toBeNull()
  })

  it('is neither an invalid value nor an outage if the statement is wrong', async () => {
    expect(await failureOf(pool.query('SELECT nonsense'))).toBeNull()
    expect(await failureOf(pool.query('SELECT 1/0'))).toBeNull()
  })

  it('is an outage if the session is terminated during the statement', async () => {
    const waiting = failureOf(pool.query('SELECT pg_sleep(30)'))
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
    const unreachable = createPool({
      ...{ url: 'postgresql://nobody@127.0.0.1:9/none', schema: 'public', applicationName: 'test', log },
    })
    expect(await failureOf(unreachable.query('SELECT 1'))).toBe('unavailable')
    await unreachable.end()
  })
})
