import { randomUUID } from 'node:crypto'
import { currentScope } from '../observability/request-scope.ts'

/** The part of a Prisma transaction client that the outbox needs. */
export type Transaction = {
  $executeRawUnsafe(sql: string, ...values: unknown[]): PromiseLike<number>
}

export type NewMessage = {
  /** Messages with the same topic and key are delivered one after another, in the order in which they were enqueued. */
  key: string
  /** The tenant to whom the message belongs. Tenants take turns in topics with a limit per tenant. */
  tenant?: string
  /** Any JSON value. */
  payload: unknown
  /** A UUID. A message is ignored if another one with the same id is still waiting. */
  id?: string
  /** The message is not delivered before this many milliseconds have passed. */
  delayMs?: number
}

export type Enqueue = (tx: Transaction, topic: string, message: NewMessage) => Promise<void>

/**
 * Creates the function that puts a message into the outbox `schema`, in the transaction that changes the state. The
 * message is delivered if and only if that transaction commits.
 *
 * The function locks the topic and key until the transaction ends, so messages have the same order as the commits.
 * Without the lock, the earlier of two concurrent messages could become visible after the later one was delivered.
 * Therefore enqueue at the end of a transaction, and several keys in sorted order; otherwise two transactions may
 * deadlock.
 */
export function createEnqueue(schema: string): Enqueue {
  const sql = `
    WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended($1::text || ' ' || $2::text || ' ' || $3::text, 1))),
    added AS (
      INSERT INTO "${schema}".message (id, topic, key, payload, due_at, tenant, request_id, traceparent)
      SELECT $4::uuid, $2::text, $3::text, $5::jsonb, now() + $6::float8 * interval '1 millisecond', $7::text, $8::text, $9::text
      FROM turn
      ON CONFLICT (id) DO NOTHING
    )
    SELECT pg_notify($1::text, $2::text)`
  return async (tx, topic, { key, payload, id = randomUUID(), delayMs = 0, tenant = '' }) => {
    const text = JSON.stringify(payload ?? null)
    const { requestId = '', span } = currentScope() ?? {}
    const origin = [requestId, span?.traceparent ?? '']
    await tx.$executeRawUnsafe(sql, schema, topic, key, id, text, delayMs, tenant, ...origin)
  }
}
