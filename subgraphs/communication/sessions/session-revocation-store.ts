import type pg from 'pg'
import type { Db } from '../database.ts'
import { INBOX_CHANNEL } from '../notifications/notification-store.ts'

/** The message on the feed that notifies gateways of session revocations. */
const SESSION_REVOCATIONS_TOPIC = 'session revocations'

// A transaction that revokes sessions takes less than this. Its rows become visible only at the commit.
const OVERLAP_SECONDS = 20

/** Which sessions of a user to revoke: all, `only` one, or all `except` one. */
export type SessionsToEnd = { userId: string; only?: string; except?: string | null }

/** Deletes sessions with their refresh tokens, and returns their ids. */
export async function deleteSessions(tx: Db, { userId, only, except }: SessionsToEnd): Promise<string[]> {
  const ended = await tx.$queryRaw<{ id: string }[]>`
    DELETE FROM sessions WHERE id IN (
      SELECT id FROM sessions
      WHERE user_id = ${userId}::uuid AND (${only ?? null}::uuid IS NULL OR id = ${only ?? null}::uuid)
        AND id IS DISTINCT FROM ${except ?? null}::uuid
      ORDER BY id FOR UPDATE)
    RETURNING id`
  return ended.map(({ id }) => id)
}

/** Finds up to 100 of the sessions that a user has in addition to the `most` that were used last. */
export async function findOldestSessions(tx: Db, userId: string, most: number): Promise<string[]> {
  const oldest = await tx.session.findMany({
    where: { userId },
    orderBy: [{ lastUsedAt: 'desc' }, { id: 'desc' }],
    skip: most,
    take: 100,
    select: { id: true },
  })
  return oldest.map(({ id }) => id)
}

/**
 * Saves revocations of sessions, or of all sessions of a deleted user, and notifies the gateways at the commit.
 * `ended_at` comes from the database's clock, which is the same for all replicas.
 *
 * @param ids ids of sessions and users
 */
export async function saveSessionRevocations(tx: Db, ids: readonly string[], until: Date): Promise<void> {
  await tx.$executeRaw`
    WITH noted AS (
      INSERT INTO session_revocations (id, ended_at, until)
      SELECT id, now(), ${until}::timestamptz FROM unnest(${ids}::uuid[]) AS ended (id)
      ON CONFLICT DO NOTHING)
    SELECT pg_notify(${INBOX_CHANNEL}, ${SESSION_REVOCATIONS_TOPIC})`
}

/**
 * Finds the session revocations since an instant; some of them may be known already. They are complete up to `asOf`,
 * which is a time of the database's clock.
 */
export async function findSessionRevocations(pool: pg.Pool, since: Date | null, now: Date) {
  const { rows } = await pool.query<{ id: string | null; until: Date; asOf: Date }>({
    name: 'session revocations',
    text: `SELECT e.id, e.until, now() AS "asOf"
      FROM (VALUES (1)) AS always LEFT JOIN session_revocations e
        ON e.ended_at > coalesce($1::timestamptz - make_interval(secs => ${OVERLAP_SECONDS}), '-infinity') AND e.until > $2`,
    values: [since, now],
  })
  const sessionRevocations = rows.flatMap(({ id, until }) => (id === null ? [] : [{ id, until }]))
  return { sessionRevocations, asOf: rows[0]?.asOf ?? now }
}

/** Deletes sessions that expired before an instant. */
export async function forgetExpiredSessions(pool: pg.Pool, before: Date): Promise<void> {
  await pool.query('DELETE FROM sessions WHERE expires_at < $1', [before])
}

/** Deletes revocations of sessions whose last token has expired. */
export async function forgetSessionRevocations(pool: pg.Pool, now: Date): Promise<void> {
  await pool.query('DELETE FROM session_revocations WHERE until < $1', [now])
}
