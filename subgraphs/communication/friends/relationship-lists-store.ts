import type pg from 'pg'
import { USER_COLUMNS } from '../people/people-store.ts'
import type { RelationshipKind } from '../people/relationship.ts'
import { type UserRow, type VisibleUser, visibleUsers } from '../people/visible-user.ts'

/** A user in a list, and since when the user belongs to it. */
export type Listed = { user: VisibleUser; since: Date }

/** The last user of a page, from which the next page continues. */
export type ListPosition = { since: string; otherId: string }

/** Finds the users with a given relationship to a user, newest first. */
export async function findRelated(
  pool: pg.Pool,
  {
    userId,
    kind,
    after,
    limit,
  }: { userId: string; kind: RelationshipKind; after: ListPosition | null; limit: number },
): Promise<Listed[]> {
  const text = `SELECT ${USER_COLUMNS}, r.since
    FROM relationships r JOIN users u ON u.id = r.other_id
    WHERE r.user_id = $1 AND r.kind = $2::relationship_kind ${after ? 'AND (r.since, r.other_id) < ($4, $5)' : ''}
    ORDER BY r.since DESC, r.other_id DESC LIMIT $3`
  const values = [userId, kind, limit, ...(after ? [after.since, after.otherId] : [])]
  const name = after ? 'related-after' : 'related'
  const { rows } = await pool.query<UserRow & { since: Date }>({ name, text, values })
  return rows.flatMap(({ since, ...row }) => visibleUsers(userId, [row]).map((user) => ({ user, since })))
}

/**
 * Finds the ids of users with any of these relationships to a user, newest first.
 *
 * @param limit null for no limit
 */
export async function findRelatedIds(
  pool: pg.Pool,
  userId: string,
  kinds: readonly RelationshipKind[],
  limit: number | null,
): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'related-ids',
    text: `SELECT other_id AS id FROM relationships WHERE user_id = $1 AND kind = ANY ($2::relationship_kind[])
      ORDER BY since DESC, other_id DESC LIMIT $3`,
    values: [userId, kinds, limit],
  })
  return rows.map(({ id }) => id)
}
