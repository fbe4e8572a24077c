import type { RevokedViewer } from '../access/token-revocations.ts'
import type { Db } from '../database.ts'

/** For which audiences posts use a list. */
export type ListUse = { only: boolean; except: boolean }

/** Finds out how posts use a locked list. Posts that begin to use it wait for the lock. */
export async function findListUse(tx: Db, ownerId: string, listId: string): Promise<ListUse> {
  const rows = await tx.$queryRaw<{ audience: string }[]>`
    SELECT DISTINCT audience FROM posts WHERE audience_list_id = ${listId}::uuid AND owner_id = ${ownerId}::uuid`
  const uses = (audience: string) => rows.some((row) => row.audience === audience)
  return { only: uses('ONLY_LIST'), except: uses('EXCEPT_LIST') }
}

/**
 * Records that viewers' tokens for what an owner has are revoked. It locks their relationships, and adds those that do
 * not exist yet, so that no friendship begins before the transaction ends.
 *
 * @returns until which instant the tokens of each viewer were issued
 */
export async function revokeViewers(
  tx: Db,
  ownerId: string,
  viewerIds: readonly string[],
  now: Date,
): Promise<RevokedViewer[]> {
  await tx.$executeRaw`
    INSERT INTO relationships (user_id, other_id, kind, since)
    SELECT a, b, 'NONE', ${now}::timestamptz FROM (
      SELECT viewer AS a, ${ownerId}::uuid AS b FROM unnest(${viewerIds}::uuid[]) AS viewer
      UNION ALL SELECT ${ownerId}::uuid, viewer FROM unnest(${viewerIds}::uuid[]) AS viewer
    ) AS pair
    WHERE a <> b ORDER BY a, b
    ON CONFLICT (user_id, other_id) DO UPDATE SET kind = excluded.kind WHERE false`
  return tx.$queryRaw<RevokedViewer[]>`
    UPDATE relationships SET revoked_at = greatest(${now}::timestamptz, revoked_at + interval '1 millisecond')
    WHERE user_id = ANY (${viewerIds}::uuid[]) AND other_id = ${ownerId}::uuid
    RETURNING user_id AS "viewerId", revoked_at AS "until"`
}

/** Locks a user, so that none of the user's friendships begins or ends before the transaction does. */
export async function holdFriendships(tx: Db, userId: string): Promise<void> {
  await tx.$queryRaw`SELECT FROM users WHERE id = ${userId}::uuid FOR UPDATE`
}

/** Finds the friends who see posts for a list. */
export async function findReaders(tx: Db, ownerId: string, listId: string, use: ListUse): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT r.other_id AS id FROM relationships r
    LEFT JOIN audience_list_members m ON m.list_id = ${listId}::uuid AND m.user_id = r.other_id
    WHERE r.user_id = ${ownerId}::uuid AND r.kind = 'FRIEND'
      AND CASE WHEN m.user_id IS NOT NULL THEN ${use.only}::boolean ELSE ${use.except}::boolean END`
  return rows.map(({ id }) => id)
}
