import pg from 'pg'
import pino from 'pino'
import { createTestDatabase } from '../../testing/database.ts'
import { eventually } from '../../testing/eventually.ts'
import { fakeTracer } from '../../testing/fake-tracer.ts'
import { createScope, currentScope, runInScope } from '../observability/request-scope.ts'
import { setTracer, startSpan } from '../observability/tracing.ts'
import { openOutbox } from './outbox.ts'

afterEach(() => setTracer(null))

test('a message is delivered with the request id and in the trace of the request that caused it', async () => {
  const database = await createTestDatabase({ schemas: [] })
  const client = new pg.Client(database.url)
  await client.connect()
  const tracer = fakeTracer()
  setTracer(tracer)
  const delivered = new Map<unknown, string | undefined>()
  const handle = async (payload: unknown) => void delivered.set(payload, currentScope()?.requestId)
  const outbox = await openOutbox({
    url: database.url,
    schema: 'shop_jobs',
    log: pino({ level: 'silent' }),
    handlers: { sold: handle, inTurn: { handle, concurrency: 1, perTenant: 1 } },
  })
  const tx = {
    $executeRawUnsafe: async (sql: string, ...values: unknown[]) =>
      (await client.query(sql, values)).rowCount ?? 0,
  }

  const span = startSpan('request', { kind: 'server', parent: null })
  await runInScope(createScope('r1', span), async () => {
    await outbox.enqueue(tx, 'sold', { key: 'a', payload: 'from a request' })
    await outbox.enqueue(tx, 'inTurn', { key: 'a', payload: 'in turn' })
  })
  await eventually(() => delivered.size === 2)
  setTracer(null)
  await outbox.enqueue(tx, 'sold', { key: 'b', payload: 'from nowhere' })
  await eventually(() => delivered.size === 3)

  expect(Object.fromEntries(delivered)).toEqual({
    'from a request': 'r1',
    'in turn': 'r1',
    'from nowhere': undefined,
  })
  const deliveries = tracer.spans.filter(({ name }) => name.startsWith('deliver '))
  expect(new Set(deliveries.map(({ name }) => name))).toEqual(new Set(['deliver sold', 'deliver inTurn']))
  expect(deliveries.map(({ parent }) => parent)).toEqual(['of request', 'of request'])
  await outbox.stop()
  await client.end()
  await database.drop()
})
