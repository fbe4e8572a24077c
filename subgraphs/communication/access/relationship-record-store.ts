import type pg from 'pg'
import type { Relationship } from '../../../generated/graphql/internal/communication.ts'
import { askedBy, joinReadsOfViewers } from '../../../platform/database/join-reads-of-viewers.ts'
import { USER_COLUMNS } from '../people/people-store.ts'
import { type RelationshipKind, relationshipOf } from '../people/relationship.ts'
import { type UserRow, type VisibleUser, visibleUsers } from '../people/visible-user.ts'

/** What a user is to a viewer, and the user's audience lists with and without the viewer. */
export type RelationshipRecord = {
  userId: string
  relationship: Relationship
  listIdsWithViewer: string[]
  listIdsWithoutViewer: string[]
}

type Lists = Pick<RelationshipRecord, 'listIdsWithViewer' | 'listIdsWithoutViewer'>
type Row = Lists & { userId: string; kind: RelationshipKind | null }

// Lists are only read of friends, because they have no effect for anyone else.
const LIST_COLUMNS = `coalesce(lists.with_viewer, '[]') AS "listIdsWithViewer",
  coalesce(lists.without_viewer, '[]') AS "listIdsWithoutViewer"`
const COLUMNS = `u.id AS "userId", r.kind, ${LIST_COLUMNS}`

/** The lists of the user `u` as the SQL expression `viewer` sees them. */
const listsFor = (viewer: string) => `LEFT JOIN LATERAL (
    SELECT json_agg(list.id) FILTER (WHERE member.user_id IS NOT NULL) AS with_viewer,
           json_agg(list.id) FILTER (WHERE member.user_id IS NULL) AS without_viewer
    FROM audience_lists list
    LEFT JOIN audience_list_members member ON member.list_id = list.id AND member.user_id = ${viewer}
    WHERE list.owner_id = u.id
  ) AS lists ON r.kind = 'FRIEND'`

const RELATIONSHIP_AND_LISTS = `LEFT JOIN relationships r ON r.user_id = asked.viewer AND r.other_id = u.id
  ${listsFor('asked.viewer')}`

const readRelationships = joinReadsOfViewers<Row>({
  name: 'relationship-records',
  text: `SELECT asked.question, ${COLUMNS}
    FROM ${askedBy('uuid')} JOIN users u ON u.id = asked.value ${RELATIONSHIP_AND_LISTS}`,
})

const readUsersWithLists = joinReadsOfViewers<UserRow & Lists>({
  name: 'users-with-lists',
  text: `SELECT asked.question, ${USER_COLUMNS}, ${LIST_COLUMNS}
    FROM ${askedBy('text')} JOIN users u ON u.handle_key = asked.value ${RELATIONSHIP_AND_LISTS}`,
})

/** Finds what users are to a viewer, in no particular order. Users who do not exist for the viewer are omitted. */
export async function findRelationshipRecords(
  pool: pg.Pool,
  viewerId: string | null,
  userIds: readonly string[],
): Promise<RelationshipRecord[]> {
  const rows = await readRelationships(pool, viewerId, userIds)
  return rows.flatMap(({ kind, ...record }) => {
    const relationship = relationshipOf(viewerId, record.userId, kind)
    return relationship === null ? [] : [{ ...record, relationship }]
  })
}

/**
 * Finds a user by the key of a handle, and what the user is to a viewer; null if the user does not exist for the viewer. One
 * statement reads both, because it is the first hop of every visit to a moblog.
 */
export async function findUserWithRecord(
  pool: pg.Pool,
  viewerId: string | null,
  key: string,
): Promise<{ user: VisibleUser; record: RelationshipRecord } | null> {
  const rows = await readUsersWithLists(pool, viewerId, [key])
  const [user] = visibleUsers(viewerId, rows)
  const [row] = rows
  if (!user || !row) return null
  const { listIdsWithViewer, listIdsWithoutViewer } = row
  const { id: userId, relationship } = user
  return { user, record: { userId, relationship, listIdsWithViewer, listIdsWithoutViewer } }
}

/** Finds a user's friends with the friends' audience lists, newest friendship first. */
export async function findFriendRecords(
  pool: pg.Pool,
  userId: string,
  limit: number,
): Promise<RelationshipRecord[]> {
  const { rows } = await pool.query<Row>({
    name: 'friend-records',
    text: `SELECT ${COLUMNS}
      FROM relationships r JOIN users u ON u.id = r.other_id ${listsFor('$1::uuid')}
      WHERE r.user_id = $1::uuid AND r.kind = 'FRIEND' ORDER BY r.since DESC, r.other_id DESC LIMIT $2`,
    values: [userId, limit],
  })
  return rows.map(({ kind: _kind, ...record }) => ({ ...record, relationship: 'FRIEND' }))
}

/** Whether a user has an audience list with this id. */
export async function hasAudienceList(pool: pg.Pool, ownerId: string, listId: string): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'has-audience-list',
    text: 'SELECT FROM audience_lists WHERE id = $1 AND owner_id = $2',
    values: [listId, ownerId],
  })
  return rowCount === 1
}
