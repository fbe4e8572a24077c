import { randomUUID } from 'node:crypto'

/** The part of a Prisma transaction client that the outbox needs. */
export type Transaction = {
  $executeRawUnsafe(sql: string, ...values: unknown[]): PromiseLike<number>
}

export type NewMessage = {
  /** Messages of one topic and key are delivered one after the other, in the order in which they were put in. */
  key: string
  /** For whom it is: tenants take turns in topics that limit what is handled for each. */
  tenant?: string
  /** Anything that JSON can say. */
  payload: unknown
  /** A UUID; a second message with the id of one that still waits is ignored. */
  id?: string
  /** Milliseconds before which it is not delivered. */
  delayMs?: number
}

export type Enqueue = (tx: Transaction, topic: string, message: NewMessage) => Promise<void>

/**
 * Makes the function that puts a message into the outbox `schema`, within the transaction that changes the state: it
 * is delivered if and only if that commits.
 *
 * A lock on topic and key, held until then, makes the order of the messages that of the commits, since without it the
 * earlier of two concurrent messages may become visible after the later one was delivered. So enqueue last in a
 * transaction, and several keys in sorted order, else two transactions may wait for each other.
 */
export function createEnqueue(schema: string): Enqueue {
  const sql = `
    WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended($1::text || ' ' || $2::text || ' ' || $3::text, 1))),
    added AS (
      INSERT INTO "${schema}".message (id, topic, key, payload, due_at, tenant)
      SELECT $4::uuid, $2::text, $3::text, $5::jsonb, now() + $6::float8 * interval '1 millisecond', $7::text FROM turn
      ON CONFLICT (id) DO NOTHING
    )
    SELECT pg_notify($1::text, $2::text)`
  return async (tx, topic, { key, payload, id = randomUUID(), delayMs = 0, tenant = '' }) => {
    const text = JSON.stringify(payload ?? null)
    await tx.$executeRawUnsafe(sql, schema, topic, key, id, text, delayMs, tenant)
  }
}
