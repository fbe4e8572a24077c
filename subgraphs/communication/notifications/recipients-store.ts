import type { RootDb } from '../database.ts'

/**
 * Finds the friends of a user who have not muted the user, in the order of their ids.
 *
 * @param after the last friend of the previous batch; undefined for the first batch
 */
export async function findFriends(
  db: RootDb,
  userId: string,
  after: string | undefined,
  limit: number,
): Promise<string[]> {
  const friends = await db.$queryRaw<{ id: string }[]>`
    SELECT r.other_id AS id FROM relationships r
    LEFT JOIN relationships back ON back.user_id = r.other_id AND back.other_id = r.user_id
    WHERE r.user_id = ${userId}::uuid AND r.kind = 'FRIEND' AND back.muted_at IS NULL
      AND r.other_id > coalesce(${after ?? null}::uuid, '00000000-0000-0000-0000-000000000000')
    ORDER BY r.other_id LIMIT ${limit}`
  return friends.map(({ id }) => id)
}
