import type pg from 'pg'
import type { Prisma } from '../../../generated/prisma/communication/client.ts'
import { CLOCK_SKEW_SECONDS } from '../../../platform/tokens/strict-form.ts'
import type { Revocations } from '../access/revocations.ts'
import { INBOX_CHANNEL } from '../notifications/deliver.ts'

/** What the feed says when sessions have ended. */
const ENDINGS_TOPIC = 'endings'

// A token may have been signed just before, by one whose clock runs ahead, and be held against a clock that runs behind.
const SLACK_SECONDS = 60 + 2 * CLOCK_SKEW_SECONDS

// What an identity provider outside signed may live longer: it is checked again, and its user not found, long before this.
const REMEMBERED_SECONDS = 900

// A transaction that ends sessions takes less; what it wrote becomes visible only then.
const OVERLAP_SECONDS = 20

/** When something ended, how long access tokens live, and what ends the tokens that storage and blog take. */
export type EndingTime = { now: Date; accessSeconds: number; revocations: Revocations }

/** Until when a token of an ended session may be about, and be exchanged for other tokens. */
function lastUse({ now, accessSeconds }: EndingTime): Date {
  return new Date(now.getTime() + (Math.max(accessSeconds, REMEMBERED_SECONDS) + SLACK_SECONDS) * 1000)
}

/** A user has ended: none of their sessions goes on, and nothing that was granted to them or for what they own. */
export async function endUser(tx: Prisma.TransactionClient, userId: string, time: EndingTime): Promise<void> {
  await endSessions(tx, { userId }, time)
  await noteEndings(tx, [userId], lastUse(time))
  await time.revocations.ofUser(tx, userId, lastUse(time))
}

// Tells the gateways, once the transaction is committed. When that was is the database's to say, whose clock is one for
// all replicas.
async function noteEndings(tx: Prisma.TransactionClient, ids: readonly string[], until: Date): Promise<void> {
  await tx.$executeRaw`
    WITH noted AS (
      INSERT INTO endings (id, ended_at, until)
      SELECT id, now(), ${until}::timestamptz FROM unnest(${ids}::uuid[]) AS ended (id)
      ON CONFLICT DO NOTHING)
    SELECT pg_notify(${INBOX_CHANNEL}, ${ENDINGS_TOPIC})`
}

/** Which of a user's sessions are to end. */
export type SessionsToEnd = { userId: string; only?: string; except?: string | null }

/**
 * Ends sessions of a user, last in a transaction. Their refresh tokens stop working at once, their access tokens as soon
 * as gateways hear of it, and their page and media tokens as soon as blog and storage do.
 *
 * @returns how many there were
 */
export async function endSessions(
  tx: Prisma.TransactionClient,
  { userId, only, except }: SessionsToEnd,
  time: EndingTime,
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
  await noteEndings(tx, ids, lastUse(time))
  await time.revocations.ofSessions(tx, userId, ids, lastUse(time))
  return ended.length
}

/** Ends the sessions of a user that were used longest ago, where there are more than so many. Last in a transaction. */
export async function endOldestSessions(
  tx: Prisma.TransactionClient,
  { userId, most }: { userId: string; most: number },
  time: EndingTime,
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

/** What has ended since an instant, some of it known before, and up to when that is complete: by the database's clock. */
export async function findEndings(pool: pg.Pool, since: Date | null, now: Date) {
  const { rows } = await pool.query<{ id: string | null; until: Date; asOf: Date }>({
    name: 'endings',
    text: `SELECT e.id, e.until, now() AS "asOf"
      FROM (VALUES (1)) AS always LEFT JOIN endings e
        ON e.ended_at > coalesce($1::timestamptz - make_interval(secs => ${OVERLAP_SECONDS}), '-infinity') AND e.until > $2`,
    values: [since, now],
  })
  const endings = rows.flatMap(({ id, until }) => (id === null ? [] : [{ id, until }]))
  return { endings, asOf: rows[0]?.asOf ?? now }
}
