import type { Session } from '../database/session.ts'
import { claimInTurnSql } from './claim-in-turn.ts'

/** A message to deliver. `seq` is its position in the order, as text because it is a bigint. */
export type Message = {
  seq: string
  id: string
  key: string
  payload: unknown
  attempts: number
  /** The request that caused the message, and its span; empty outside of requests. */
  requestId: string
  traceparent: string
}

/**
 * Creates the SQL operations of a consumer. The session that delivers messages of a key holds an advisory lock on that
 * key. The lock ends with the process, even if it is killed, so another process takes up the message at once. No
 * transaction stays open while a handler runs.
 */
export function createQueue(session: Session, schema: string, applicationName: string) {
  const table = `"${schema}".message`
  const lockId = (topic: string, key: string) =>
    `hashtextextended($1::text || ' ' || ${topic}::text || ' ' || ${key}::text, 0)`

  const unlock = (topic: string, key: string) =>
    session.query(`SELECT pg_advisory_unlock(${lockId('$2', '$3')})`, [schema, topic, key])

  const claimAlone = async (topic: string, busy: string[], limit: number, perTenant: number) => {
    const turn = [schema, `${topic} is claimed`]
    await session.query('SELECT pg_advisory_lock(hashtextextended($1 || $2, 2))', turn)
    try {
      const claimed = await session.query<{ key: string } & (Message | { id: null })>(
        claimInTurnSql(schema, lockId('$2', 'key')),
        [schema, topic, busy, limit, perTenant, applicationName],
      )
      const messages: Message[] = []
      for (const message of claimed) {
        // Another session had delivered it just before.
        if (message.id === null) await unlock(topic, message.key)
        else messages.push(message)
      }
      return messages
    } finally {
      await session.query('SELECT pg_advisory_unlock(hashtextextended($1 || $2, 2))', turn)
    }
  }
  let lastClaim: Promise<unknown> = Promise.resolve()

  return {
    /**
     * Locks and returns up to `limit` messages of a topic that are due and are the first of their key. `busy` lists the
     * keys that this session has already locked, because it would get those locks again.
     */
    async claim(topic: string, busy: string[], limit: number): Promise<Message[]> {
      const locked = await session.query<{ seq: string; key: string }>(
        `WITH head AS MATERIALIZED (
           SELECT seq, key FROM ${table} AS m
           WHERE topic = $2 AND due_at <= now() AND key <> ALL ($3)
             AND NOT EXISTS (SELECT FROM ${table} AS e WHERE e.topic = $2 AND e.key = m.key AND e.seq < m.seq)
           ORDER BY seq LIMIT 200)
         SELECT seq, key FROM (
           SELECT seq, key, pg_try_advisory_lock(${lockId('$2', 'key')}) AS mine FROM head OFFSET 0) AS tried
         WHERE mine LIMIT $4`,
        [schema, topic, busy, limit],
      )
      if (locked.length === 0) return []
      // Reads the messages again while they are locked, because another consumer may have delivered them just before.
      const messages = await session.query<Message>(
        `SELECT seq, id, key, payload, attempts, request_id AS "requestId", traceparent FROM ${table} WHERE seq = ANY ($1) AND due_at <= now() ORDER BY seq`,
        [locked.map(({ seq }) => seq)],
      )
      const found = new Set(messages.map(({ seq }) => seq))
      for (const { seq, key } of locked) if (!found.has(seq)) await unlock(topic, key)
      return messages
    },

    /**
     * Locks and returns messages like `claim`, but tenants take turns and each has at most `perTenant` messages at a
     * time. Sessions do this one after another, so each sees what the previous one has taken. A session that does it for one
     * topic does not wait to do it for another: two sessions could then wait for each other.
     */
    claimInTurn(topic: string, busy: string[], limit: number, perTenant: number): Promise<Message[]> {
      const claim = lastClaim.then(() => claimAlone(topic, busy, limit, perTenant))
      lastClaim = claim.catch(() => {})
      return claim
    },

    /** Counts the messages that are not delivered yet, by topic. */
    async depths(): Promise<Map<string, number>> {
      const rows = await session.query<{ topic: string; count: string }>(
        `SELECT topic, count(*) AS count FROM ${table} GROUP BY topic`,
      )
      return new Map(rows.map(({ topic, count }) => [topic, Number(count)]))
    },

    /** Removes a message that was delivered. */
    async settle(topic: string, { seq, key }: Message): Promise<void> {
      await session.query(`DELETE FROM ${table} WHERE seq = $1`, [seq])
      await unlock(topic, key)
    },

    /** Schedules the message for another attempt in `delayMs` milliseconds, and counts the failed attempt. */
    async postpone(topic: string, { seq, key }: Message, delayMs: number): Promise<void> {
      await session.query(
        `UPDATE ${table} SET attempts = attempts + 1, taken_by = NULL, due_at = now() + $2::float8 * interval '1 millisecond'
         WHERE seq = $1`,
        [seq, delayMs],
      )
      await unlock(topic, key)
    },
  }
}

export type Queue = ReturnType<typeof createQueue>
