import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import pg from 'pg'
import pino from 'pino'
import { createTestDatabase } from '../../testing/database.ts'
import { openOutbox } from './outbox.ts'

const log = pino({ level: 'silent' })

let database: Awaited<ReturnType<typeof createTestDatabase>>
let client: pg.Client

beforeAll(async () => {
  database = await createTestDatabase({ schemas: [] })
  client = new pg.Client(database.url)
  await client.connect()
})

afterAll(async () => {
  await client.end()
  await database.drop()
})

const tx = {
  async $executeRawUnsafe(sql: string, ...values: unknown[]) {
    return (await client.query(sql, values)).rowCount ?? 0
  },
}

let schemas = 0
/**
 * Handles all waiting messages, with one outbox per entry of `places`, each with that concurrency. Returns the order in
 * which tenants were served, and the most messages of one tenant that were handled at a time.
 */
async function serve(tenants: readonly string[], places: readonly number[], perTenant: number) {
  const schema = `fair_${schemas++}`
  const order: string[] = []
  const running = new Map<string, number>()
  let most = 0
  const idle = await openOutbox({ url: database.url, schema, log, handlers: {} })
  await client.query('BEGIN')
  for (const [n, tenant] of tenants.entries()) {
    await idle.enqueue(tx, 'work', { key: `${n}`, tenant, payload: tenant })
  }
  await client.query('COMMIT')
  const handle = async (payload: unknown) => {
    const tenant = String(payload)
    order.push(tenant)
    running.set(tenant, (running.get(tenant) ?? 0) + 1)
    most = Math.max(most, ...running.values())
    await sleep(2)
    running.set(tenant, (running.get(tenant) ?? 0) - 1)
  }
  const outboxes = await Promise.all(
    places.map((concurrency) =>
      openOutbox({ url: database.url, schema, log, handlers: { work: { handle, concurrency, perTenant } } }),
    ),
  )
  for (const end = Date.now() + 20_000; order.length < tenants.length && Date.now() < end; ) await sleep(3)
  await Promise.all([idle, ...outboxes].map((outbox) => outbox.stop()))
  return { order, most }
}

const work = fc.array(fc.constantFrom('ann', 'bob', 'cleo', 'dan'), { minLength: 1, maxLength: 24 })

test('tenants take turns: none is served twice while another waits, in any order of arrival', async () => {
  await fc.assert(
    fc.asyncProperty(work, async (tenants) => {
      const { order } = await serve(tenants, [1], 1)
      expect([...order].sort()).toEqual([...tenants].sort())
      const left = new Map<string, number>()
      for (const tenant of tenants) left.set(tenant, (left.get(tenant) ?? 0) + 1)
      const served = new Map<string, number>()
      for (const tenant of order) {
        served.set(tenant, (served.get(tenant) ?? 0) + 1)
        for (const [other, count] of left) {
          const hasMore = (served.get(other) ?? 0) < count
          if (hasMore) expect((served.get(tenant) ?? 0) - (served.get(other) ?? 0)).toBeLessThanOrEqual(1)
        }
      }
    }),
    { numRuns: 8 },
  )
})

test('no tenant exceeds its limit of concurrent jobs across all processes, and every job is handled', async () => {
  await fc.assert(
    fc.asyncProperty(work, fc.integer({ min: 1, max: 3 }), async (tenants, perTenant) => {
      const { order, most } = await serve(tenants, [2, 3], perTenant)
      expect(order).toHaveLength(tenants.length)
      expect(most).toBeLessThanOrEqual(perTenant)
    }),
    { numRuns: 5 },
  )
})

test('processes that deliver many topics with turns do not wait for each other in a circle', async () => {
  const topics = ['a', 'b', 'c', 'd', 'e', 'f']
  let delivered = 0
  const warnings: string[] = []
  const warning = pino({ level: 'warn' }, { write: (line) => void warnings.push(line) })
  const handle = async () => {
    delivered += 1
    await sleep(5)
  }
  const topic = { handle, concurrency: 2, perTenant: 2 }
  const handlers = Object.fromEntries(topics.map((name) => [name, topic]))
  const options = { url: database.url, schema: 'fair_topics', log: warning, handlers }
  const [first, ...others] = [await openOutbox(options), await openOutbox(options), await openOutbox(options)]
  let sent = 0
  for (const end = Date.now() + 4_000; Date.now() < end; ) {
    const name = topics[Math.floor(Math.random() * topics.length)] ?? ''
    await first.enqueue(tx, name, { key: `${sent++}`, tenant: `${sent % 3}`, payload: null })
    await sleep(Math.random() * 20)
  }
  const startedAt = Date.now()
  while (delivered < sent && Date.now() - startedAt < 20_000) await sleep(10)
  await Promise.all([first, ...others].map((outbox) => outbox.stop()))
  expect([delivered, warnings]).toEqual([sent, []])
  expect(Date.now() - startedAt).toBeLessThan(5_000)
}, 40_000)

test('a new tenant is served at once while another tenant is at its limit', async () => {
  const schema = 'fair_late'
  const ended: string[] = []
  let release: () => void = () => {}
  const blocked = new Promise<void>((resolve) => {
    release = resolve
  })
  const outbox = await openOutbox({
    url: database.url,
    schema,
    log,
    handlers: {
      work: {
        concurrency: 3,
        perTenant: 2,
        async handle(payload) {
          if (payload === 'greedy') await blocked
          ended.push(String(payload))
        },
      },
    },
  })
  for (let n = 0; n < 12; n++)
    await outbox.enqueue(tx, 'work', { key: `g${n}`, tenant: 'greedy', payload: 'greedy' })
  await sleep(100)
  await outbox.enqueue(tx, 'work', { key: 'b', tenant: 'bob', payload: 'bob' })
  for (const end = Date.now() + 5000; ended.length === 0 && Date.now() < end; ) await sleep(5)
  expect(ended).toEqual(['bob'])
  release()
  await outbox.stop()
})

test('a job that a killed process had taken does not count for the limit and is handled again', async () => {
  const schema = 'fair_killed'
  const first = await openOutbox({
    url: database.url,
    schema,
    log,
    handlers: {
      work: {
        concurrency: 1,
        perTenant: 1,
        // Never ends, as in a process that was killed.
        handle: (_payload, { signal }) =>
          new Promise((_resolve, reject) => signal.addEventListener('abort', reject)),
      },
    },
  })
  await first.enqueue(tx, 'work', { key: 'a', tenant: 'ann', payload: 'left' })
  const taken = async () => {
    const { rows } = await client.query(`SELECT taken_by FROM ${schema}.message WHERE taken_by IS NOT NULL`)
    return rows[0]?.taken_by as number | undefined
  }
  while (!(await taken())) await sleep(5)
  const handled: unknown[] = []
  const handle = async (payload: unknown) => void handled.push(payload)
  const second = await openOutbox({
    url: database.url,
    schema,
    log,
    handlers: { work: { concurrency: 1, perTenant: 1, handle } },
  })
  await client.query('SELECT pg_terminate_backend($1)', [await taken()])
  for (const end = Date.now() + 5000; handled.length === 0 && Date.now() < end; ) await sleep(5)
  expect(handled).toEqual(['left'])
  await Promise.all([first.stop(), second.stop()])
})
