import type pg from 'pg'
import type { Db } from '../database.ts'
import { USER_COLUMNS } from '../people/people-store.ts'
import { type UserRow, type VisibleUser, visibleUsers } from '../people/visible-user.ts'
import { holdFriendships } from './list-use-store.ts'

/** A member of a list, and since when. */
export type Member = { user: VisibleUser; addedAt: Date }

/** The key of a page of members: the list, the maximum count, and the position after which the page starts. */
export type MemberPageKey = { listId: string; count: number; after: MemberPosition | null }

/** The position of a member in a list. */
export type MemberPosition = { addedAt: string; userId: string }

const FIRST = { addedAt: 'infinity', userId: 'ffffffff-ffff-ffff-ffff-ffffffffffff' }

// Members who do not exist for the owner look like deleted accounts.
const EXISTS_FOR_OWNER = `r.kind IS DISTINCT FROM 'BLOCKED_BY'`

/** Reads pages of members of the owner's lists, the latest added first, in the order of the keys, with one statement. */
export async function findMemberPages(
  pool: pg.Pool,
  ownerId: string,
  keys: readonly MemberPageKey[],
): Promise<Member[][]> {
  const asked = keys.map(({ listId, count, after }, page) => {
    const { addedAt, userId } = after ?? FIRST
    return { page, list: listId, count, before: addedAt, than: userId }
  })
  const { rows } = await pool.query<UserRow & { page: number; addedAt: Date }>({
    name: 'audience-list-members',
    text: `SELECT asked.page, member.*
      FROM jsonb_to_recordset($2) AS asked (page int, list uuid, count int, before timestamptz, than uuid)
      CROSS JOIN LATERAL (
        SELECT ${USER_COLUMNS}, m.added_at AS "addedAt"
        FROM audience_list_members m JOIN users u ON u.id = m.user_id
        LEFT JOIN relationships r ON r.user_id = $1::uuid AND r.other_id = u.id
        WHERE m.list_id = asked.list AND (m.added_at, m.user_id) < (asked.before, asked.than) AND ${EXISTS_FOR_OWNER}
        ORDER BY m.added_at DESC, m.user_id DESC LIMIT asked.count
      ) AS member
      ORDER BY asked.page, member."addedAt" DESC, member.id DESC`,
    values: [ownerId, JSON.stringify(asked)],
  })
  const pages = keys.map((): Member[] => [])
  for (const { page, addedAt, ...row } of rows) {
    for (const user of visibleUsers(ownerId, [row])) pages[page]?.push({ user, addedAt })
  }
  return pages
}

/** How many members the owner's lists have, in the order of `listIds`. */
export async function countMembers(
  pool: pg.Pool,
  ownerId: string,
  listIds: readonly string[],
): Promise<number[]> {
  const { rows } = await pool.query<{ id: string; count: number }>({
    name: 'audience-list-counts',
    text: `SELECT m.list_id AS id, count(*)::int AS count FROM audience_list_members m
      LEFT JOIN relationships r ON r.user_id = $1::uuid AND r.other_id = m.user_id
      WHERE m.list_id = ANY ($2::uuid[]) AND ${EXISTS_FOR_OWNER} GROUP BY m.list_id`,
    values: [ownerId, listIds],
  })
  const byId = new Map(rows.map(({ id, count }) => [id, count]))
  return listIds.map((id) => byId.get(id) ?? 0)
}

/**
 * Finds those of some users who exist for the owner of a list. Until the transaction ends, it keeps their accounts and the
 * friendships of the owner. Users are locked in the order of their ids, because an owner may be a member of another list that
 * changes now.
 */
export async function holdUsers(tx: Db, ownerId: string, ids: readonly string[]): Promise<Set<string>> {
  const before = await holdOthers(
    tx,
    ownerId,
    ids.filter((id) => id < ownerId),
  )
  await holdFriendships(tx, ownerId)
  const after = await holdOthers(
    tx,
    ownerId,
    ids.filter((id) => id > ownerId),
  )
  return new Set([...before, ...after])
}

async function holdOthers(tx: Db, ownerId: string, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT u.id FROM users u LEFT JOIN relationships r ON r.user_id = ${ownerId}::uuid AND r.other_id = u.id
    WHERE u.id = ANY (${ids}::uuid[]) AND r.kind IS DISTINCT FROM 'BLOCKED_BY'
    ORDER BY u.id FOR KEY SHARE OF u`
  return rows.map(({ id }) => id)
}

/** Finds those of some users who are in a locked list. */
export async function findMembersAmong(tx: Db, listId: string, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.audienceListMember.findMany({
    where: { listId, userId: { in: [...ids] } },
    select: { userId: true },
  })
  return new Set(rows.map(({ userId }) => userId))
}

/** How many users are in a locked list and exist for its owner. */
export async function countVisible(tx: Db, ownerId: string, listId: string): Promise<number> {
  const [{ count } = { count: 0 }] = await tx.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM audience_list_members m
    LEFT JOIN relationships r ON r.user_id = ${ownerId}::uuid AND r.other_id = m.user_id
    WHERE m.list_id = ${listId}::uuid AND r.kind IS DISTINCT FROM 'BLOCKED_BY'`
  return count
}

/**
 * Removes the members of a locked list who do not exist for its owner and are more than `most`, those added first. The others stay,
 * because a member who no longer blocks the owner must still be left out of posts for `EXCEPT_LIST`.
 */
export async function forgetHidden(tx: Db, ownerId: string, listId: string, most: number): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM audience_list_members WHERE list_id = ${listId}::uuid AND user_id IN (
      SELECT m.user_id FROM audience_list_members m
      JOIN relationships r ON r.user_id = ${ownerId}::uuid AND r.other_id = m.user_id AND r.kind = 'BLOCKED_BY'
      WHERE m.list_id = ${listId}::uuid
      ORDER BY m.added_at DESC, m.user_id DESC OFFSET ${most}
    )`
}

/** Adds users to a locked list, and removes others. */
export async function saveMembers(
  tx: Db,
  listId: string,
  { added, removed, now }: { added: readonly string[]; removed: readonly string[]; now: Date },
): Promise<void> {
  await tx.audienceListMember.deleteMany({ where: { listId, userId: { in: [...removed] } } })
  const data = added.map((userId) => ({ listId, userId, addedAt: now }))
  await tx.audienceListMember.createMany({ data, skipDuplicates: true })
}
