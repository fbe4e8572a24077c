import type { Prisma, PrismaClient } from '../../../generated/prisma/communication/client.ts'
import type { Tie } from './relationship.ts'
import type { RequestLimits, TooManyRequests } from './request-limits.ts'
import { mirrored, nextTie, type Step, type Transition } from './transitions.ts'

type Transaction = Prisma.TransactionClient

/** A step that one user takes about another. */
export type TieChange = {
  userId: string
  otherId: string
  step: Step
  now: Date
  limits: RequestLimits
  /** Is told, in the same transaction, what the other has become to the user. */
  onMoved: (tx: Transaction, tie: Tie) => Promise<void>
  /** Is told, in the same transaction, when what the two had been given of each other's is revoked, and until when. */
  onRevoked: (tx: Transaction, revokedAt: Date) => Promise<void>
}

/**
 * Takes a step, in one transaction that holds both rows of the pair, so that steps that cross wait for each other.
 *
 * @returns what the step led to; `no such user` where either does not exist
 */
export async function changeTie(db: PrismaClient, change: TieChange): Promise<Transition | TooManyRequests> {
  if (!(await isThere(db, change))) return 'no such user'
  return db.$transaction(async (tx) => {
    const tie = await lockPair(tx, change)
    if (tie === null) return 'no such user'
    const transition = nextTie(tie, change.step)
    if (typeof transition === 'string') return transition
    const { userId, otherId, limits, now } = change
    const tooMany =
      transition.to === 'REQUEST_SENT' ? await limits.takeRequest(tx, userId, otherId, now) : null
    if (tooMany) return tooMany
    if (change.step === 'decline') await limits.onDeclined(tx, otherId, userId)
    const revokedAt = await writePair(tx, change, transition.to, transition.revokes)
    await change.onMoved(tx, transition.to)
    if (transition.revokes) await change.onRevoked(tx, revokedAt)
    return transition
  })
}

// Looked at before anything is held: what is held is written to the disk at the end, and how long that takes would tell
// a user who has blocked the asker from one who does not exist.
async function isThere(db: PrismaClient, { userId, otherId }: TieChange): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT FROM users u LEFT JOIN relations r ON r.user_id = ${userId}::uuid AND r.other_id = u.id
    WHERE u.id = ${otherId}::uuid AND r.tie IS DISTINCT FROM 'BLOCKED_BY'`
  return rows.length > 0
}

/**
 * Holds both rows of a pair until the transaction ends, making them first if need be, always in the order of the ids:
 * two who hold one row each would wait for each other for ever. The users are held as well (and not found where they
 * are being deleted at the same time).
 */
async function lockPair(tx: Transaction, { userId, otherId, now }: TieChange): Promise<Tie | null> {
  await tx.$executeRaw`
    INSERT INTO relations (user_id, other_id, tie, since)
    SELECT a, b, 'NONE', ${now}::timestamptz
    FROM (
      SELECT a.id AS a, b.id AS b FROM users a JOIN users b ON a.id <> b.id
      WHERE a.id IN (${userId}::uuid, ${otherId}::uuid) AND b.id IN (${userId}::uuid, ${otherId}::uuid)
      FOR KEY SHARE
    ) AS pair
    ORDER BY a
    ON CONFLICT DO NOTHING`
  const rows = await tx.$queryRaw<{ user_id: string; tie: Tie }[]>`
    SELECT user_id, tie FROM relations
    WHERE (user_id = ${userId}::uuid AND other_id = ${otherId}::uuid)
       OR (user_id = ${otherId}::uuid AND other_id = ${userId}::uuid)
    ORDER BY user_id FOR UPDATE`
  return rows.find((row) => row.user_id === userId)?.tie ?? null
}

// Each revocation is later than the one before by a millisecond at least, since tokens that were issued after that one
// are said to have been issued one millisecond after it.
async function writePair(
  tx: Transaction,
  { userId, otherId, now }: TieChange,
  tie: Tie,
  revokes: boolean,
): Promise<Date> {
  const rows = await tx.$queryRaw<{ revoked_at: Date | null }[]>`
    UPDATE relations SET
      tie = CASE WHEN user_id = ${userId}::uuid THEN ${tie}::tie ELSE ${mirrored(tie)}::tie END,
      since = ${now}::timestamptz,
      revoked_at = CASE WHEN ${revokes}
        THEN greatest(${now}::timestamptz, revoked_at + interval '1 millisecond') ELSE revoked_at END
    WHERE (user_id = ${userId}::uuid AND other_id = ${otherId}::uuid)
       OR (user_id = ${otherId}::uuid AND other_id = ${userId}::uuid)
    RETURNING revoked_at`
  return rows[0]?.revoked_at ?? now
}
