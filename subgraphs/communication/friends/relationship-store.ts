import { nextRevocation } from '../access/revocation-store.ts'
import { type Db, inTransaction, type RootDb } from '../database.ts'
import type { RelationshipKind } from '../people/relationship.ts'
import type { RequestLimits, TooManyRequests } from './request-limits.ts'
import { mirrored, nextRelationship, type Step, type Transition } from './transitions.ts'

/** A step that one user takes toward another. */
export type RelationshipChange = {
  userId: string
  otherId: string
  step: Step
  now: Date
  limits: RequestLimits
  /** Called in the transaction that saves the step; `kind` is the new relationship as the user sees it. */
  onMoved: (tx: Db, kind: RelationshipKind) => Promise<void>
  /**
   * Called in the same transaction if the two users' tokens for each other's media and pages are revoked, with the time
   * until which they were issued.
   */
  onRevoked: (tx: Db, revokedAt: Date) => Promise<void>
}

/**
 * Changes a relationship in one transaction that locks both rows of the pair, so concurrent steps wait for each other.
 *
 * @returns the result of the step; `no such user` if either user does not exist, or the other one has blocked the user
 */
export async function changeRelationship(
  db: RootDb,
  change: RelationshipChange,
): Promise<Transition | TooManyRequests> {
  if (!(await isThere(db, change))) return 'no such user'
  return inTransaction(db, async (tx) => {
    const kind = await lockPair(tx, change)
    if (kind === null) return 'no such user'
    const transition = nextRelationship(kind, change.step)
    if (typeof transition === 'string') return transition
    const { userId, otherId, limits, now } = change
    const tooMany =
      transition.to === 'REQUEST_SENT' ? await limits.takeRequest(tx, userId, otherId, now) : null
    if (tooMany) return tooMany
    if (change.step === 'decline') await limits.onDeclined(tx, otherId, userId)
    const revokedAt = await writePair(tx, change, transition.to, transition.revokes)
    await change.onMoved(tx, transition.to)
    if (revokedAt) await change.onRevoked(tx, revokedAt)
    return transition
  })
}

// Checked before anything is locked. A lock is written to the disk at the end of the transaction, and the time this
// takes would distinguish a user who has blocked the viewer from one who does not exist.
async function isThere(db: RootDb, { userId, otherId }: RelationshipChange): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT FROM users u LEFT JOIN relationships r ON r.user_id = ${userId}::uuid AND r.other_id = u.id
    WHERE u.id = ${otherId}::uuid AND r.kind IS DISTINCT FROM 'BLOCKED_BY'`
  return rows.length > 0
}

/**
 * Inserts the missing rows of a pair, if both users exist. Locks the two users and the rows until the transaction ends:
 * a row that is only found could be deleted as idle before the transaction reads it.
 */
export async function insertPair(
  tx: Db,
  { userId, otherId, now }: Pick<RelationshipChange, 'userId' | 'otherId' | 'now'>,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO relationships (user_id, other_id, kind, since)
    SELECT a, b, 'NONE', ${now}::timestamptz
    FROM (
      SELECT a.id AS a, b.id AS b FROM users a JOIN users b ON a.id <> b.id
      WHERE a.id IN (${userId}::uuid, ${otherId}::uuid) AND b.id IN (${userId}::uuid, ${otherId}::uuid)
      FOR KEY SHARE
    ) AS pair
    ORDER BY a
    ON CONFLICT (user_id, other_id) DO UPDATE SET kind = excluded.kind WHERE false`
}

/**
 * Locks both rows of a pair until the transaction ends, and inserts them first if needed. It always locks in the order
 * of the ids, because two transactions that hold one row each would deadlock. It also locks the users; a user who is
 * being deleted at the same time is not found.
 */
async function lockPair(
  tx: Db,
  { userId, otherId, now }: RelationshipChange,
): Promise<RelationshipKind | null> {
  await insertPair(tx, { userId, otherId, now })
  const rows = await tx.$queryRaw<{ user_id: string; kind: RelationshipKind }[]>`
    SELECT user_id, kind FROM relationships
    WHERE (user_id = ${userId}::uuid AND other_id = ${otherId}::uuid)
       OR (user_id = ${otherId}::uuid AND other_id = ${userId}::uuid)
    ORDER BY user_id FOR UPDATE`
  return rows.find((row) => row.user_id === userId)?.kind ?? null
}

async function writePair(
  tx: Db,
  { userId, otherId, now }: RelationshipChange,
  kind: RelationshipKind,
  revokes: boolean,
): Promise<Date | null> {
  const revokedAt = revokes ? await nextRevocation(tx, [userId, otherId], now) : null
  await tx.$executeRaw`
    UPDATE relationships SET
      kind = CASE WHEN user_id = ${userId}::uuid THEN ${kind}::relationship_kind ELSE ${mirrored(kind)}::relationship_kind END,
      since = ${now}::timestamptz,
      revoked_at = coalesce(${revokedAt}::timestamptz, revoked_at)
    WHERE (user_id = ${userId}::uuid AND other_id = ${otherId}::uuid)
       OR (user_id = ${otherId}::uuid AND other_id = ${userId}::uuid)`
  return revokedAt
}
