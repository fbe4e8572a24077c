import pino from 'pino'
import { createTestDatabase } from '../../testing/database.ts'
import { fakeTracer } from '../../testing/fake-tracer.ts'
import { createScope, runInScope } from '../observability/request-scope.ts'
import { setTracer, startSpan } from '../observability/tracing.ts'
import { createPool } from './pool.ts'

const log = pino({ level: 'silent' })

let database: Awaited<ReturnType<typeof createTestDatabase>>
beforeAll(async () => {
  database = await createTestDatabase({ schemas: [] })
})
afterAll(() => database.drop())
afterEach(() => setTracer(null))

const open = () => createPool({ url: database.url, schema: 'shop', applicationName: 'shop', max: 1, log })

test('a statement belongs to its request, also if it waited for the connection of another request', async () => {
  const tracer = fakeTracer()
  setTracer(tracer)
  const pool = open()
  const request = (name: string) =>
    runInScope(createScope(name, startSpan(name, { kind: 'server', parent: null })), async () => {
      await pool.query(`SELECT pg_sleep(0.02), '${name}'`)
      const client = await pool.connect()
      await client.query({ text: 'SELECT FROM pg_class WHERE relname = $1', values: [name] })
      client.release()
    })
  await Promise.all(['one', 'two', 'three'].map(request))
  const statements = tracer.spans.filter(({ parent }) => parent !== null)
  for (const name of ['one', 'two', 'three']) {
    const own = statements.filter(({ parent }) => parent === `of ${name}`)
    expect(own.map((span) => [span.name, span.ended])).toEqual([
      ['SELECT', 'well'],
      ['SELECT pg_class', 'well'],
    ])
  }
  expect(statements).toHaveLength(6)
  await pool.end()
})

test('a statement that fails ends its span as failed and rejects as without traces', async () => {
  const tracer = fakeTracer()
  setTracer(tracer)
  const pool = open()
  await expect(pool.query('SELECT * FROM no_such_table')).rejects.toThrow('no_such_table')
  const client = await pool.connect()
  await expect(client.query('SELECT 1 FROM "shop"."nothing"')).rejects.toThrow('nothing')
  client.release()
  expect(tracer.spans.map(({ name, ended }) => [name, ended])).toEqual([
    ['SELECT no_such_table', 'failed'],
    ['SELECT nothing', 'failed'],
  ])
  await pool.end()
})

test('without metrics and traces, the connections stay as they are', async () => {
  const pool = open()
  const client = await pool.connect()
  expect(Object.hasOwn(client, 'query')).toBe(false)
  expect(Object.hasOwn(pool, 'connect')).toBe(false)
  client.release()
  await pool.end()
})
