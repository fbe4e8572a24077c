import type pg from 'pg'
import { askedBy, joinReadsOfViewers } from '../../../platform/database/join-reads-of-viewers.ts'
import { type UserRow, type VisibleUser, visibleUsers } from './visible-user.ts'

/** The columns of a `UserRow`, from the user `u` and the viewer's relationship `r` to that user. */
export const USER_COLUMNS = `u.id, u.handle, u.display_name AS "displayName", u.about,
  u.avatar_id AS "avatarId", u.created_at AS "createdAt", r.kind, r.revoked_at AS "revokedAt",
  r.muted_at IS NOT NULL AS "isMuted"`

const COLUMNS_OF_ASKED = `asked.question, ${USER_COLUMNS}`
const RELATIONSHIP = 'LEFT JOIN relationships r ON r.user_id = asked.viewer AND r.other_id = u.id'

const readPeople = joinReadsOfViewers<UserRow>({
  name: 'people',
  text: `SELECT ${COLUMNS_OF_ASKED} FROM ${askedBy('uuid')} JOIN users u ON u.id = asked.value ${RELATIONSHIP}`,
})

const readPeopleByHandles = joinReadsOfViewers<UserRow>({
  name: 'people-by-handles',
  text: `SELECT ${COLUMNS_OF_ASKED} FROM ${askedBy('text')} JOIN users u ON u.handle_key = asked.value ${RELATIONSHIP}`,
})

/**
 * Finds users by id as a viewer sees them, in no particular order. Users who do not exist for the viewer are omitted.
 */
export async function findPeople(
  pool: pg.Pool,
  viewerId: string | null,
  ids: readonly string[],
): Promise<VisibleUser[]> {
  return visibleUsers(viewerId, await readPeople(pool, viewerId, ids))
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
  return visibleUsers(viewerId, await readPeopleByHandles(pool, viewerId, keys))
}
