import type { PostAudience } from '../access/viewer-relationship.ts'
import type { Pool } from '../database.ts'
import { NEWEST } from '../posts/post-store.ts'
import type { ListRange } from '../posts/read-until-full.ts'

/** How many posts one user may have hidden at a time. */
export const MAX_HIDDEN = 5_000

/**
 * Hides a published post from a user's lists.
 *
 * @returns false if the user has hidden too many posts
 */
export async function insertHidden(pool: Pool, userId: string, postId: string, now: Date): Promise<boolean> {
  const { rowCount } = await pool.query(
    `INSERT INTO hidden_post (user_id, post_id, hidden_at)
     SELECT $1::uuid, id, $3::timestamptz FROM post WHERE id = $2::uuid AND state = 'PUBLISHED' AND ${MAX_HIDDEN} > (
       SELECT count(*) FROM (SELECT FROM hidden_post WHERE user_id = $1::uuid LIMIT ${MAX_HIDDEN}) AS hidden
     )
     ON CONFLICT DO NOTHING`,
    [userId, postId, now.toISOString()],
  )
  if (rowCount === 1) return true
  const [isHidden] = await findHidden(pool, userId, [postId])
  return isHidden === true
}

/** A hidden post, with what decides whether a user may see it. */
export type HiddenPostAudience = PostAudience & { id: string; moblogId: string }

/** Finds the audiences of all posts that a user has hidden. */
export async function findHiddenAudiences(pool: Pool, userId: string): Promise<HiddenPostAudience[]> {
  const { rows } = await pool.query<HiddenPostAudience>(
    `SELECT id, moblog_id AS "moblogId", audience, audience_list_id AS "audienceListId", expires_at AS "expiresAt"
     FROM hidden_post JOIN post ON id = post_id WHERE user_id = $1`,
    [userId],
  )
  return rows
}

/** Forgets that a user has hidden these posts. */
export async function forgetHidden(pool: Pool, userId: string, postIds: readonly string[]): Promise<void> {
  await pool.query('DELETE FROM hidden_post WHERE user_id = $1 AND post_id = ANY ($2::uuid[])', [
    userId,
    postIds,
  ])
}

/** Shows a hidden post in a user's lists again. If the user had not hidden it, that is not an error. */
export async function unhidePost(pool: Pool, userId: string, postId: string): Promise<void> {
  await pool.query('DELETE FROM hidden_post WHERE user_id = $1 AND post_id = $2', [userId, postId])
}

/** The position of a post in a user's list of hidden posts. */
export type HiddenPosition = { hiddenAt: string; id: string }

/** A post that a user has hidden. It says where to look and gives no access. */
export type HiddenItem = { id: string; hiddenAt: Date }

/** Reads the posts that a user has hidden, newest hidden first. */
export async function findHiddenItems(
  pool: Pool,
  userId: string,
  { after, limit }: ListRange<HiddenPosition>,
): Promise<HiddenItem[]> {
  const { rows } = await pool.query<HiddenItem>({
    name: 'hidden-items',
    text: `SELECT post_id AS id, hidden_at AS "hiddenAt" FROM hidden_post
      WHERE user_id = $1 AND (hidden_at, post_id) < ($2, $3)
      ORDER BY hidden_at DESC, post_id DESC LIMIT $4`,
    values: [userId, after?.hiddenAt ?? NEWEST.publishedAt, after?.id ?? NEWEST.id, limit],
  })
  return rows
}

/** Whether a user has hidden each of these posts, in the order of `postIds`. */
export async function findHidden(pool: Pool, userId: string, postIds: readonly string[]): Promise<boolean[]> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'hidden-posts',
    text: 'SELECT post_id AS id FROM hidden_post WHERE user_id = $1 AND post_id = ANY ($2::uuid[])',
    values: [userId, postIds],
  })
  const hidden = new Set(rows.map(({ id }) => id))
  return postIds.map((id) => hidden.has(id))
}
