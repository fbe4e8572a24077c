import type pg from 'pg'
import { oneOf } from '../../../platform/database/one-of.ts'
import { type UserRow, type VisibleUser, visibleUsers } from './visible-user.ts'

/** The columns of a `UserRow`, from the user `u` and the viewer's relationship `r` to that user. */
export const USER_COLUMNS = `u.id, u.handle, u.display_name AS "displayName", u.about,
  u.avatar_id AS "avatarId", u.created_at AS "createdAt", r.kind, r.revoked_at AS "revokedAt",
  r.muted_at IS NOT NULL AS "isMuted"`

// One statement reads the user and the relationship to the viewer, because it is the first hop of every visit to a
// moblog.
const SELECT_PEOPLE = `
  SELECT ${USER_COLUMNS}
  FROM users u LEFT JOIN relationships r ON r.user_id = $1::uuid AND r.other_id = u.id`

/**
 * Finds users by id as a viewer sees them, in no particular order. Users who do not exist for the viewer are omitted.
 */
export async function findPeople(
  pool: pg.Pool,
  viewerId: string | null,
  ids: readonly string[],
): Promise<VisibleUser[]> {
  const text = `${SELECT_PEOPLE} WHERE u.id ${oneOf('$2::uuid[]')}`
  const { rows } = await pool.query<UserRow>({ name: 'people', text, values: [viewerId, ids] })
  return visibleUsers(viewerId, rows)
}

/**
 * Finds users by the keys of handles as a viewer sees them, in no particular order. Users who do not exist for the viewer are
 * omitted.
 */
export async function findUsersByHandleKeys(
  pool: pg.Pool,
  viewerId: string | null,
  keys: readonly string[],
): Promise<VisibleUser[]> {
  const text = `${SELECT_PEOPLE} WHERE u.handle_key ${oneOf('$2::text[]')}`
  const { rows } = await pool.query<UserRow>({ name: 'users-by-handles', text, values: [viewerId, keys] })
  return visibleUsers(viewerId, rows)
}

/** Finds a user by the key of a handle, as a viewer sees the user; null if there is none. */
export async function findUserByHandleKey(
  pool: pg.Pool,
  viewerId: string | null,
  key: string,
): Promise<VisibleUser | null> {
  const text = `${SELECT_PEOPLE} WHERE u.handle_key = $2`
  const { rows } = await pool.query<UserRow>({ name: 'user-by-handle', text, values: [viewerId, key] })
  return visibleUsers(viewerId, rows)[0] ?? null
}
