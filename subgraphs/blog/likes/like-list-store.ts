import type { UserPosition } from '../access/user-position.ts'
import type { Pool } from '../database.ts'

/** A user who likes a post, and since when. */
export type Liker = { userId: string; at: Date }

/** The key of a page of users who like a post: the maximum count, and the position after which the page starts. */
export type LikePageKey = { postId: string; count: number; after: UserPosition }

/**
 * Reads pages of users who like a post, newest like first, in the order of the keys, with one statement for all pages.
 *
 * @param without the users who do not exist for the viewer
 */
export async function findLikePages(
  pool: Pool,
  without: readonly string[],
  keys: readonly LikePageKey[],
): Promise<Liker[][]> {
  const asked = keys.map(({ postId, count, after }, page) => ({
    page,
    post: postId,
    count,
    before: after.at,
    beyond: after.userId,
  }))
  const { rows } = await pool.query<Liker & { page: number }>({
    name: 'like-pages',
    text: `SELECT asked.page, liker.user_id AS "userId", liker.created_at AS at
      FROM jsonb_to_recordset($1) AS asked (page int, post uuid, count int, before timestamptz, beyond uuid)
      CROSS JOIN LATERAL (
        SELECT user_id, created_at FROM post_like
        WHERE post_id = asked.post AND removed_at IS NULL AND user_id <> ALL ($2::uuid[])
          AND created_at <= asked.before AND (created_at < asked.before OR user_id > asked.beyond)
        ORDER BY created_at DESC, user_id LIMIT asked.count
      ) AS liker
      ORDER BY asked.page, liker.created_at DESC, liker.user_id`,
    values: [JSON.stringify(asked), without],
  })
  const pages = keys.map((): Liker[] => [])
  for (const { page, ...row } of rows) pages[page]?.push(row)
  return pages
}
