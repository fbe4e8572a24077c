import pg from 'pg'
import { createTestDatabase } from '../../testing/database.ts'
import { oneOf } from './one-of.ts'

const EXECUTIONS = 20

describe('a prepared statement for few values', () => {
  it.each([
    ['is planned at each execution with ANY', '= ANY ($1::uuid[])', 0],
    // PostgreSQL plans the first five executions of every statement.
    ['is planned once with the values in a subquery', oneOf('$1::uuid[]'), EXECUTIONS - 5],
  ])('%s', async (_what, condition, expected) => {
    const database = await createTestDatabase({ schemas: [] })
    const sql = new pg.Client({ connectionString: database.url })
    try {
      await sql.connect()
      await sql.query('CREATE TABLE thing (id uuid PRIMARY KEY DEFAULT gen_random_uuid())')
      await sql.query('INSERT INTO thing SELECT FROM generate_series(1, 10000)')
      await sql.query('ANALYZE thing')
      const { rows } = await sql.query('SELECT id FROM thing LIMIT 3')
      const ids = rows.map(({ id }) => id)
      const statement = { name: 'things', text: `SELECT id FROM thing WHERE id ${condition}`, values: [ids] }
      for (let execution = 0; execution < EXECUTIONS; execution += 1) {
        const found = await sql.query(statement)
        expect(new Set(found.rows.map(({ id }) => id))).toEqual(new Set(ids))
      }
      const [plans] = (await sql.query('SELECT generic_plans FROM pg_prepared_statements')).rows
      expect(Number(plans.generic_plans)).toBe(expected)
    } finally {
      await sql.end()
      await database.drop()
    }
  })
})
