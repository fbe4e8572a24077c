import type pg from 'pg'
import type { RootDb } from '../database.ts'
import type { Listed, ListPosition } from '../friends/relationship-lists-store.ts'
import { insertPair } from '../friends/relationship-store.ts'
import { USER_COLUMNS } from '../people/people-store.ts'
import { type UserRow, visibleUsers } from '../people/visible-user.ts'

/** How many users one user may have muted at a time. */
export const MAX_MUTED = 1_000

/**
 * Mutes a user for another. Repeating it changes nothing. At the limit, mutes of users who have blocked the user are forgotten first:
 * they are in no list, and an error would show that these users still exist.
 *
 * @returns false if the user has muted too many others
 */
export function mute(
  db: RootDb,
  { userId, otherId, now }: { userId: string; otherId: string; now: Date },
): Promise<boolean> {
  return db.$transaction(async (tx) => {
    // Locked, so that simultaneous mutes of the user do not exceed the limit together.
    await tx.$queryRaw`SELECT id FROM users WHERE id = ${userId}::uuid FOR NO KEY UPDATE`
    const others = { userId, mutedAt: { not: null }, otherId: { not: otherId } }
    const muted = await tx.relationship.count({ where: others })
    if (muted >= MAX_MUTED) {
      const forgotten = await tx.relationship.updateMany({
        where: { ...others, kind: 'BLOCKED_BY' },
        data: { mutedAt: null },
      })
      if (muted - forgotten.count >= MAX_MUTED) return false
    }
    await insertPair(tx, { userId, otherId, now })
    await tx.relationship.updateMany({ where: { userId, otherId, mutedAt: null }, data: { mutedAt: now } })
    return true
  })
}

/** Ends a user's mute of another. */
export async function unmute(db: RootDb, userId: string, otherId: string): Promise<void> {
  await db.relationship.updateMany({ where: { userId, otherId }, data: { mutedAt: null } })
}

/** Finds the users whom a user has muted and who exist for that user, newest mute first. */
export async function findMuted(
  pool: pg.Pool,
  { userId, after, limit }: { userId: string; after: ListPosition | null; limit: number },
): Promise<Listed[]> {
  const text = `SELECT ${USER_COLUMNS}, r.muted_at AS since
    FROM relationships r JOIN users u ON u.id = r.other_id
    WHERE r.user_id = $1 AND r.muted_at IS NOT NULL AND r.kind <> 'BLOCKED_BY'
      ${after ? 'AND (r.muted_at, r.other_id) < ($3, $4)' : ''}
    ORDER BY r.muted_at DESC, r.other_id DESC LIMIT $2`
  const values = [userId, limit, ...(after ? [after.since, after.otherId] : [])]
  const name = after ? 'muted-after' : 'muted'
  const { rows } = await pool.query<UserRow & { since: Date }>({ name, text, values })
  return rows.flatMap(({ since, ...row }) => visibleUsers(userId, [row]).map((user) => ({ user, since })))
}

/** Finds the ids of the users whom a user has muted. */
export async function findMutedIds(pool: pg.Pool, userId: string): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'muted-ids',
    text: `SELECT other_id AS id FROM relationships WHERE user_id = $1 AND muted_at IS NOT NULL LIMIT ${MAX_MUTED}`,
    values: [userId],
  })
  return rows.map(({ id }) => id)
}
