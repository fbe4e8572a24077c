import type pg from 'pg'
import type { Db } from '../database.ts'
import type { AudienceList } from './audience-list.ts'

const COLUMNS = 'id, owner_id AS "ownerId", name, created_at AS "createdAt"'

/** Finds a user's lists, by name. */
export async function findLists(pool: pg.Pool, ownerId: string): Promise<AudienceList[]> {
  const { rows } = await pool.query<AudienceList>({
    name: 'audience-lists',
    text: `SELECT ${COLUMNS} FROM audience_lists WHERE owner_id = $1 ORDER BY name, id`,
    values: [ownerId],
  })
  return rows
}

/** Finds those of some lists that a user owns, in no particular order. */
export async function findOwnLists(
  pool: pg.Pool,
  ownerId: string,
  ids: readonly string[],
): Promise<AudienceList[]> {
  const { rows } = await pool.query<AudienceList>({
    name: 'own-audience-lists',
    text: `SELECT ${COLUMNS} FROM audience_lists WHERE owner_id = $1 AND id = ANY ($2::uuid[])`,
    values: [ownerId, ids],
  })
  return rows
}

/** Locks a user, so that the user's lists are created one after another, and counts the lists. */
export async function holdListsOf(tx: Db, ownerId: string): Promise<number | null> {
  const held = await tx.$queryRaw<unknown[]>`
    SELECT FROM users WHERE id = ${ownerId}::uuid FOR NO KEY UPDATE`
  return held.length === 0 ? null : tx.audienceList.count({ where: { ownerId } })
}

/** Adds a list; returns false if its owner has another list with this name. */
export async function addList(tx: Db, data: AudienceList): Promise<boolean> {
  const { count } = await tx.audienceList.createMany({ data, skipDuplicates: true })
  return count === 1
}

/** Renames a list. */
export async function saveName(tx: Db, id: string, name: string): Promise<void> {
  await tx.audienceList.update({ where: { id }, data: { name }, select: { id: true } })
}

/** Whether a user has another list with this name. */
export async function isNameTaken(tx: Db, { id, ownerId }: AudienceList, name: string): Promise<boolean> {
  return (await tx.audienceList.count({ where: { ownerId, name, id: { not: id } } })) > 0
}

/**
 * Locks a user's list until the transaction ends, against other changes and against posts that begin to use it; null if
 * the user has no such list.
 */
export async function holdList(tx: Db, ownerId: string, id: string): Promise<AudienceList | null> {
  const [list] = await tx.$queryRaw<AudienceList[]>`
    SELECT id, owner_id AS "ownerId", name, created_at AS "createdAt" FROM audience_lists
    WHERE id = ${id}::uuid AND owner_id = ${ownerId}::uuid FOR UPDATE`
  return list ?? null
}

/** Deletes a list with its members. */
export async function removeList(tx: Db, id: string): Promise<void> {
  await tx.audienceList.delete({ where: { id }, select: { id: true } })
}
