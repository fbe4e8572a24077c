import type { UserPosition } from '../access/user-position.ts'
import type { Pool } from '../database.ts'

/** A user who viewed a post, and when first. */
export type PostViewer = { userId: string; at: Date }

/** The key of a page of users who viewed a post: the maximum count, and the position after which the page starts. */
export type ViewerPageKey = { postId: string; count: number; after: UserPosition }

/**
 * Counts a user's first views of published posts of other users. The posts are locked in order, as in all changes of
 * several posts, so that none of them is deleted meanwhile. Posts that the user has viewed before are not locked.
 *
 * A user whose read receipts are off leaves no view of a post that is not public: in a small audience, the count alone
 * would say who viewed it.
 */
export async function countViews(
  pool: Pool,
  userId: string,
  postIds: readonly string[],
  now: Date,
): Promise<void> {
  await pool.query({
    name: 'count-views',
    text: `WITH target AS (
        SELECT id, audience FROM post
        WHERE id = ANY ($2::uuid[]) AND state = 'PUBLISHED' AND moblog_id <> $1::uuid
          AND NOT EXISTS (SELECT FROM post_view WHERE post_id = post.id AND user_id = $1::uuid)
          AND (audience = 'PUBLIC' OR NOT EXISTS (SELECT FROM read_receipt_opt_out WHERE user_id = $1::uuid))
        ORDER BY id FOR SHARE OF post
      ), added AS (
        INSERT INTO post_view (post_id, user_id, viewed_at, is_named)
        SELECT id, $1::uuid, $3::timestamptz, audience <> 'PUBLIC' FROM target
        ON CONFLICT DO NOTHING RETURNING post_id
      )
      INSERT INTO post_view_total AS counted (post_id, total) SELECT post_id, 1 FROM added ORDER BY post_id
      ON CONFLICT (post_id) DO UPDATE SET total = counted.total + 1`,
    values: [userId, postIds, now.toISOString()],
  })
}

/** How many users have viewed each post, in the order of `postIds`. */
export async function findViewTotals(pool: Pool, postIds: readonly string[]): Promise<number[]> {
  const { rows } = await pool.query<{ id: string; total: number }>({
    name: 'view-totals',
    text: 'SELECT post_id AS id, total FROM post_view_total WHERE post_id = ANY ($1::uuid[])',
    values: [postIds],
  })
  const byId = new Map(rows.map(({ id, total }) => [id, total]))
  return postIds.map((id) => byId.get(id) ?? 0)
}

/**
 * Reads pages of users who viewed a post and whom its author may learn of, newest view first, in the order of the keys,
 * with one statement for all pages.
 *
 * @param without the users who do not exist for the author
 */
export async function findViewerPages(
  pool: Pool,
  without: readonly string[],
  keys: readonly ViewerPageKey[],
): Promise<PostViewer[][]> {
  const asked = keys.map(({ postId, count, after }, page) => ({
    page,
    post: postId,
    count,
    before: after.at,
    beyond: after.userId,
  }))
  const { rows } = await pool.query<PostViewer & { page: number }>({
    name: 'viewer-pages',
    text: `SELECT asked.page, viewer.user_id AS "userId", viewer.viewed_at AS at
      FROM jsonb_to_recordset($1) AS asked (page int, post uuid, count int, before timestamptz, beyond uuid)
      CROSS JOIN LATERAL (
        SELECT user_id, viewed_at FROM post_view
        WHERE post_id = asked.post AND is_named AND user_id <> ALL ($2::uuid[])
          AND viewed_at <= asked.before AND (viewed_at < asked.before OR user_id > asked.beyond)
          AND (SELECT true FROM read_receipt_opt_out AS opt_out WHERE opt_out.user_id = post_view.user_id) IS NULL
        ORDER BY viewed_at DESC, user_id LIMIT asked.count
      ) AS viewer
      ORDER BY asked.page, viewer.viewed_at DESC, viewer.user_id`,
    values: [JSON.stringify(asked), without],
  })
  const pages = keys.map((): PostViewer[] => [])
  for (const { page, ...row } of rows) pages[page]?.push(row)
  return pages
}
