import type { RootDb } from '../database.ts'

/**
 * Finds friends of a user, in the order of their ids.
 *
 * @param after the last friend of the previous batch; undefined for the first batch
 */
export async function findFriends(
  db: RootDb,
  userId: string,
  after: string | undefined,
  limit: number,
): Promise<string[]> {
  const friends = await db.relationship.findMany({
    where: { userId, kind: 'FRIEND', ...(after !== undefined && { otherId: { gt: after } }) },
    orderBy: { otherId: 'asc' },
    take: limit,
    select: { otherId: true },
  })
  return friends.map(({ otherId }) => otherId)
}
