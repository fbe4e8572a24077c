import pino from 'pino'
import { createTestDatabase } from '../../testing/database.ts'
import { createPool, statementNames } from './pool.ts'

const log = pino({ level: 'silent' })

test('connections search the service schema before public, and use UTC', async () => {
  const database = await createTestDatabase({ schemas: [] })
  const url = new URL(database.url)
  url.searchParams.set('options', '-c TimeZone=Asia/Shanghai -c work_mem=8MB')
  const pool = createPool({ url: url.href, schema: 'shop', applicationName: 'shop service', log })
  const { rows } =
    await pool.query(`SELECT current_setting('search_path') AS path, current_setting('TimeZone') AS zone,
    current_setting('work_mem') AS given, current_setting('application_name') AS name`)
  expect(rows).toEqual([{ path: 'shop,public', zone: 'UTC', given: '8MB', name: 'shop service' }])
  await pool.end()
  await database.drop()
})

test('a schema name that would need quoting is refused', () => {
  const options = { url: 'postgresql://127.0.0.1/x', schema: 'a -c fsync=off', applicationName: 'x', log }
  expect(() => createPool(options)).toThrow('not a schema name')
})

test('a statement keeps its name, and the number of names is limited', () => {
  const name = statementNames(2)
  expect(['a', 'b', 'a', 'c', 'b'].map((sql) => name({ sql }))).toEqual(['s0', 's1', 's0', '', 's1'])
})
