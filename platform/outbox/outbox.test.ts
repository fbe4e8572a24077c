import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import pino from 'pino'
import { createTestDatabase } from '../../testing/database.ts'
import { eventually } from '../../testing/eventually.ts'
import type { NewMessage } from './enqueue.ts'
import { openOutbox } from './outbox.ts'

const log = pino({ level: 'silent' })
const retry = { firstMs: 20, longestMs: 100 }
type Options = Pick<Parameters<typeof openOutbox>[0], 'handlers'> & { log?: typeof log }

let database: Awaited<ReturnType<typeof createTestDatabase>>
let client: pg.Client
let opened: Awaited<ReturnType<typeof openOutbox>>[]

async function open(options: Options) {
  const outbox = await openOutbox({ url: database.url, schema: 'shop_jobs', log, retry, ...options })
  opened.push(outbox)
  return outbox
}

/** The part of Prisma's transaction client that the outbox uses. */
const tx = {
  async $executeRawUnsafe(sql: string, ...values: unknown[]) {
    return (await client.query(sql, values)).rowCount ?? 0
  },
}

const waiting = async () =>
  Number((await client.query('SELECT count(*) FROM shop_jobs.message')).rows[0].count)

beforeEach(async () => {
  opened = []
  database = await createTestDatabase({ schemas: [] })
  client = new pg.Client(database.url)
  client.on('error', () => {})
  await client.connect()
})

afterEach(async () => {
  await Promise.all(opened.map((outbox) => outbox.stop()))
  await client.end()
  await database.drop()
})

test('a message is delivered when its transaction commits, not before, and without waiting for the next poll', async () => {
  const delivered: unknown[] = []
  const handlers = { sold: async (payload: unknown) => void delivered.push(payload) }
  const { enqueue } = await open({ handlers })
  await client.query('BEGIN')
  await enqueue(tx, 'sold', { key: 'a', payload: { item: 1 } })
  await sleep(100)
  expect(delivered).toEqual([])
  await client.query('COMMIT')
  const committed = performance.now()
  await eventually(() => delivered.length > 0)
  // Polling would take a second.
  expect(performance.now() - committed).toBeLessThan(800)
  expect(delivered).toEqual([{ item: 1 }])
  await eventually(async () => (await waiting()) === 0)
})

test('a message of a transaction that is rolled back is never delivered', async () => {
  const delivered: unknown[] = []
  const { enqueue } = await open({ handlers: { sold: async (payload) => void delivered.push(payload) } })
  await client.query('BEGIN')
  await enqueue(tx, 'sold', { key: 'a', payload: 'gone' })
  await client.query('ROLLBACK')
  await enqueue(tx, 'sold', { key: 'a', payload: 'stays' })
  await eventually(() => delivered.length > 0)
  expect(delivered).toEqual(['stays'])
})

test('messages of a key are delivered in order, even from one transaction and after failures; other keys do not wait', async () => {
  const delivered: string[] = []
  let failures = 3
  const { enqueue } = await open({
    handlers: {
      async sold(payload) {
        if (payload === 'a0' && failures-- > 0) throw new Error('not now')
        delivered.push(String(payload))
      },
    },
  })
  await client.query('BEGIN')
  for (let n = 0; n < 8; n++) await enqueue(tx, 'sold', { key: 'a', payload: `a${n}` })
  await enqueue(tx, 'sold', { key: 'b', payload: 'b0' })
  await client.query('COMMIT')
  await eventually(() => delivered.length === 9)
  expect(delivered).toEqual(['b0', 'a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7'])
})

test('a transaction that enqueues a key waits for another transaction that has enqueued it', async () => {
  const delivered: unknown[] = []
  const { enqueue } = await open({ handlers: { sold: async (payload) => void delivered.push(payload) } })
  const other = new pg.Client(database.url)
  await other.connect()
  await client.query('BEGIN')
  await enqueue(tx, 'sold', { key: 'a', payload: 'first' })
  const second = enqueue(
    { $executeRawUnsafe: async (sql, ...values) => (await other.query(sql, values)).rowCount ?? 0 },
    'sold',
    { key: 'a', payload: 'second' },
  )
  await sleep(50)
  await client.query('COMMIT')
  await second
  await other.end()
  await eventually(() => delivered.length === 2)
  expect(delivered).toEqual(['first', 'second'])
})

test('a failing message is retried with backoff and the same id until it succeeds', async () => {
  const attempts: { id: string; attempts: number }[] = []
  const { enqueue } = await open({
    handlers: {
      async sold(_payload, { id, attempts: before }) {
        attempts.push({ id, attempts: before })
        if (before < 6) throw new Error('not now')
      },
    },
  })
  const id = '0190a000-0000-7000-8000-000000000001'
  await enqueue(tx, 'sold', { key: 'a', payload: null, id })
  await eventually(async () => attempts.length === 7 && (await waiting()) === 0)
  expect(attempts).toEqual([0, 1, 2, 3, 4, 5, 6].map((before) => ({ id, attempts: before })))
})

test('a second message with the id of a waiting one is ignored', async () => {
  const { enqueue } = await open({ handlers: {} })
  const message: NewMessage = { key: 'a', payload: 1, id: '0190a000-0000-7000-8000-000000000001' }
  await enqueue(tx, 'sold', message)
  await enqueue(tx, 'sold', { ...message, payload: 2 })
  expect((await client.query('SELECT payload FROM shop_jobs.message')).rows).toEqual([{ payload: 1 }])
})

test('a delayed message is not delivered before its time', async () => {
  const delivered: number[] = []
  const { enqueue } = await open({ handlers: { sold: async () => void delivered.push(performance.now()) } })
  const start = performance.now()
  await enqueue(tx, 'sold', { key: 'a', payload: null, delayMs: 300 })
  await eventually(() => delivered.length === 1)
  expect((delivered[0] ?? 0) - start).toBeGreaterThan(295)
})

test('two consumers share the work, and never handle a message or a key at the same time', async () => {
  const handled: string[] = []
  const keys = new Set<string>()
  const consumers = new Set<number>()
  let clashes = 0
  const handlersOf = (consumer: number) => ({
    async sold(payload: unknown) {
      const [key = '', n = ''] = String(payload).split(' ')
      if (keys.has(key)) clashes++
      keys.add(key)
      consumers.add(consumer)
      await sleep(Math.random() * 4)
      handled.push(`${key} ${n}`)
      keys.delete(key)
    },
  })
  const { enqueue } = await open({ handlers: handlersOf(1) })
  await open({ handlers: handlersOf(2) })
  const sent: string[] = []
  for (let n = 100; n < 200; n++) {
    const key = `k${n % 7}`
    sent.push(`${key} ${n}`)
    await enqueue(tx, 'sold', { key, payload: `${key} ${n}` })
  }
  await eventually(async () => (await waiting()) === 0)
  expect(clashes).toBe(0)
  expect([...handled].sort()).toEqual(sent.sort())
  for (const key of ['k0', 'k6']) {
    const inOrder = handled.filter((entry) => entry.startsWith(key))
    expect(inOrder).toEqual([...inOrder].sort())
  }
  expect(consumers.size).toBe(2)
})

test('another consumer takes over the message of a consumer whose connection is lost', async () => {
  const first = { started: 0 }
  const { enqueue } = await open({
    handlers: {
      sold: (_payload, { signal }) => {
        first.started++ // never ends, as in a process that was killed
        return new Promise((_resolve, reject) => signal.addEventListener('abort', reject))
      },
    },
  })
  await enqueue(tx, 'sold', { key: 'a', payload: 'left' })
  await eventually(() => first.started === 1)
  const taken: unknown[] = []
  await open({ handlers: { sold: async (payload) => void taken.push(payload) } })
  await sleep(300)
  expect(taken).toEqual([])
  await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')`)
  await eventually(() => taken.length === 1)
})

test('a consumer continues after its connection is lost', async () => {
  const delivered: unknown[] = []
  const { enqueue } = await open({ handlers: { sold: async (payload) => void delivered.push(payload) } })
  await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'moblog outbox%'`)
  await enqueue(tx, 'sold', { key: 'a', payload: 1 })
  await eventually(() => delivered.length === 1)
})

test('messages that are enqueued while no process runs are delivered at the next start', async () => {
  const { enqueue, stop } = await open({ handlers: {} })
  await enqueue(tx, 'sold', { key: 'a', payload: 1 })
  await stop()
  const delivered: unknown[] = []
  await open({ handlers: { sold: async (payload) => void delivered.push(payload) } })
  await eventually(() => delivered.length === 1)
})

test("a failure is logged without the payload's content", async () => {
  const lines: string[] = []
  const recording = pino({ level: 'debug' }, { write: (line) => void lines.push(line) })
  const { enqueue } = await open({
    log: recording,
    handlers: {
      async sold(payload) {
        const { token } = payload as { token: string }
        if (lines.length === 0) throw new Error(`refused: ${token}`)
      },
    },
  })
  await enqueue(tx, 'sold', { key: 'a', payload: { token: 'secret-token' } })
  await eventually(async () => (await waiting()) === 0)
  expect(lines.join()).toContain('refused: [payload]')
  expect(lines.join()).not.toContain('secret-token')
})
