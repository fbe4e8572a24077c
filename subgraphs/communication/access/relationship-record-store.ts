import type pg from 'pg'
import type { Relationship } from '../../../generated/graphql/internal/communication.ts'
import { askedBy, joinReadsOfViewers } from '../../../platform/database/join-reads-of-viewers.ts'
import { type RelationshipKind, relationshipOf } from '../people/relationship.ts'

/** What a user is to a viewer, and the user's audience lists with and without the viewer. */
export type RelationshipRecord = {
  userId: string
  relationship: Relationship
  listIdsWithViewer: string[]
  listIdsWithoutViewer: string[]
}

type Row = Omit<RelationshipRecord, 'relationship'> & { kind: RelationshipKind | null }

// Lists are only read of friends, because they have no effect for anyone else.
const COLUMNS = `u.id AS "userId", r.kind,
  coalesce(lists.with_viewer, '{}') AS "listIdsWithViewer",
  coalesce(lists.without_viewer, '{}') AS "listIdsWithoutViewer"`

/** The lists of the user `u` as the SQL expression `viewer` sees them. */
const listsFor = (viewer: string) => `LEFT JOIN LATERAL (
    SELECT array_agg(list.id::text) FILTER (WHERE member.user_id IS NOT NULL) AS with_viewer,
           array_agg(list.id::text) FILTER (WHERE member.user_id IS NULL) AS without_viewer
    FROM audience_lists list
    LEFT JOIN audience_list_members member ON member.list_id = list.id AND member.user_id = ${viewer}
    WHERE list.owner_id = u.id
  ) AS lists ON r.kind = 'FRIEND'`

const readRelationships = joinReadsOfViewers<Row>({
  name: 'relationship-records',
  text: `SELECT asked.question, ${COLUMNS}
    FROM ${askedBy('uuid')} JOIN users u ON u.id = asked.value
    LEFT JOIN relationships r ON r.user_id = asked.viewer AND r.other_id = u.id ${listsFor('asked.viewer')}`,
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
