import type pg from 'pg'
import type { Prisma } from '../../../generated/prisma/communication/client.ts'
import { CLOCK_SKEW_SECONDS } from '../../../platform/tokens/strict-token.ts'
import type { TokenRevocations } from '../access/token-revocations.ts'
import { INBOX_CHANNEL } from '../notifications/deliver.ts'

/** The message on the feed that notifies gateways of session revocations. */
const SESSION_REVOCATIONS_TOPIC = 'session revocations'

// A token may be signed just before the revocation on a machine whose clock runs ahead, and verified by a clock that
// runs behind.
const SLACK_SECONDS = 60 + 2 * CLOCK_SKEW_SECONDS

// A token of an identity provider may live longer than this. Long before, it is checked again, and its user is not
// found.
const REMEMBERED_SECONDS = 900

// A transaction that revokes sessions takes less than this. Its rows become visible only at the commit.
const OVERLAP_SECONDS = 20

/**
 * When a session revocation happens, how long access tokens live (seconds), and how page and media tokens are revoked.
 */
export type RevocationTime = { now: Date; accessSeconds: number; revocations: TokenRevocations }

/** Until when a token of a revoked session may still be used or exchanged for other tokens. */
function lastUse({ now, accessSeconds }: RevocationTime): Date {
  return new Date(now.getTime() + (Math.max(accessSeconds, REMEMBERED_SECONDS) + SLACK_SECONDS) * 1000)
}

/**
 * Revokes all sessions of a deleted user, the user's tokens, and the tokens of others for the user's media and page.
 */
export async function endUser(
  tx: Prisma.TransactionClient,
  userId: string,
  time: RevocationTime,
): Promise<void> {
  await endSessions(tx, { userId }, time)
  await saveSessionRevocations(tx, [userId], lastUse(time))
  await time.revocations.ofUser(tx, userId, lastUse(time))
}

// Notifies the gateways at the commit. `ended_at` comes from the database's clock, which is the same for all replicas.
async function saveSessionRevocations(
  tx: Prisma.TransactionClient,
  ids: readonly string[],
  until: Date,
): Promise<void> {
  await tx.$executeRaw`
    WITH noted AS (
      INSERT INTO session_revocations (id, ended_at, until)
      SELECT id, now(), ${until}::timestamptz FROM unnest(${ids}::uuid[]) AS ended (id)
      ON CONFLICT DO NOTHING)
    SELECT pg_notify(${INBOX_CHANNEL}, ${SESSION_REVOCATIONS_TOPIC})`
}

/** Which sessions of a user to revoke: all, `only` one, or all `except` one. */
export type SessionsToEnd = { userId: string; only?: string; except?: string | null }

/**
 * Revokes sessions of a user, last in a transaction. Their refresh tokens stop working at once, their access tokens as
 * soon as the gateways are notified, and their page and media tokens as soon as blog and storage are notified.
 *
 * @returns how many sessions were revoked
 */
export async function endSessions(
  tx: Prisma.TransactionClient,
  { userId, only, except }: SessionsToEnd,
  time: RevocationTime,
): Promise<number> {
  const ended = await tx.$queryRaw<{ id: string }[]>`
    DELETE FROM sessions WHERE id IN (
      SELECT id FROM sessions
      WHERE user_id = ${userId}::uuid AND (${only ?? null}::uuid IS NULL OR id = ${only ?? null}::uuid)
        AND id IS DISTINCT FROM ${except ?? null}::uuid
      ORDER BY id FOR UPDATE)
    RETURNING id`
  if (ended.length === 0) return 0
  const ids = ended.map(({ id }) => id)
  await saveSessionRevocations(tx, ids, lastUse(time))
  await time.revocations.ofSessions(tx, userId, ids, lastUse(time))
  return ended.length
}

/** If a user has more than `most` sessions, revokes those that were used longest ago. Call it last in a transaction. */
export async function endOldestSessions(
  tx: Prisma.TransactionClient,
  { userId, most }: { userId: string; most: number },
  time: RevocationTime,
): Promise<void> {
  const oldest = await tx.session.findMany({
    where: { userId },
    orderBy: [{ lastUsedAt: 'desc' }, { id: 'desc' }],
    skip: most,
    take: 100,
    select: { id: true },
  })
  for (const { id } of oldest) await endSessions(tx, { userId, only: id }, time)
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
