import type { Db } from '../database.ts'

/** Counts the friend requests of a user that have not been answered, up to `most`. */
export async function countUnanswered(tx: Db, userId: string, most: number): Promise<number> {
  const [{ unanswered } = { unanswered: 0 }] = await tx.$queryRaw<{ unanswered: number }[]>`
    SELECT count(*)::int AS unanswered FROM (
      SELECT FROM relationships WHERE user_id = ${userId}::uuid AND kind = 'REQUEST_SENT' LIMIT ${most}
    ) AS sent`
  return unanswered
}
