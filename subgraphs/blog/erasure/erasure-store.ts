import type { Pool } from '../database.ts'

// The posts are locked first and in order, as in all changes of likes and comments. Batches are small, so that
// other requests do not wait long for a lock on a post with many active users.
const BATCH = 200

const ERASE_LIKES = `
  WITH target AS (
    SELECT id FROM post WHERE id IN (SELECT post_id FROM post_like WHERE user_id = $1 LIMIT ${BATCH})
    ORDER BY id FOR NO KEY UPDATE
  ), removed AS (
    DELETE FROM post_like USING target WHERE post_id = target.id AND user_id = $1
    RETURNING post_id, (removed_at IS NULL)::int AS likes
  )
  UPDATE post SET like_count = like_count - likes FROM removed WHERE post.id = removed.post_id`

// Deleting a `post_commenter` row also deletes the user's comments, including the empty rows of deleted comments.
const ERASE_COMMENTS = `
  WITH target AS (
    SELECT id FROM post WHERE id IN (SELECT post_id FROM post_commenter WHERE user_id = $1 LIMIT ${BATCH})
    ORDER BY id FOR NO KEY UPDATE
  ), removed AS (
    DELETE FROM post_commenter USING target WHERE post_id = target.id AND user_id = $1
    RETURNING post_id, post_commenter.comment_count AS comments
  )
  UPDATE post SET comment_count = comment_count - comments FROM removed WHERE post.id = removed.post_id`

// Found with the index of posts by author, because items have none.
const ERASE_ITEMS = `
  DELETE FROM home_feed_item WHERE (post_id, viewer_id) IN (
    SELECT post_id, viewer_id FROM post JOIN home_feed_item ON post_id = post.id WHERE moblog_id = $1 LIMIT ${BATCH}
  )`

const ERASE_MARKS = `
  DELETE FROM seen_mark WHERE (viewer_id, moblog_id) IN (
    (SELECT viewer_id, moblog_id FROM seen_mark WHERE viewer_id = $1 LIMIT ${BATCH})
    UNION (SELECT viewer_id, moblog_id FROM seen_mark WHERE moblog_id = $1 LIMIT ${BATCH})
  )`

const ERASE_COMMENT_LIKES = `
  WITH batch AS (
    SELECT comment.id, post_id FROM comment_like JOIN comment ON comment.id = comment_id
    WHERE user_id = $1 LIMIT ${BATCH}
  ), target AS (
    SELECT id FROM post WHERE id IN (SELECT post_id FROM batch) ORDER BY id FOR NO KEY UPDATE
  ), removed AS (
    DELETE FROM comment_like USING target, batch
    WHERE batch.post_id = target.id AND comment_id = batch.id AND user_id = $1
    RETURNING comment_id
  )
  UPDATE comment SET like_count = like_count - 1 FROM removed WHERE comment.id = removed.comment_id`

const ERASE_MENTIONS = `
  DELETE FROM post_mention WHERE (post_id, handle) IN (
    SELECT post_id, handle FROM post_mention WHERE user_id = $1 LIMIT ${BATCH}
  )`

const ERASE_VIEWS = `
  WITH target AS (
    SELECT id FROM post WHERE id IN (SELECT post_id FROM post_view WHERE user_id = $1 LIMIT ${BATCH})
    ORDER BY id FOR NO KEY UPDATE
  ), removed AS (
    DELETE FROM post_view USING target WHERE post_id = target.id AND user_id = $1 RETURNING post_id
  )
  UPDATE post_view_total SET total = total - 1 FROM removed WHERE post_view_total.post_id = removed.post_id`

/** Erases a user's moblog with its posts. */
export async function eraseMoblog(pool: Pool, userId: string): Promise<void> {
  await pool.query('DELETE FROM post WHERE moblog_id = $1', [userId])
  await pool.query('DELETE FROM moblog WHERE id = $1', [userId])
}

/** Erases a batch of a user's likes. Returns whether there may be more. */
export function eraseSomeLikes(pool: Pool, userId: string): Promise<boolean> {
  return eraseSome(pool, ERASE_LIKES, userId)
}

/** Erases a batch of a user's comments. Returns whether there may be more. */
export function eraseSomeComments(pool: Pool, userId: string): Promise<boolean> {
  return eraseSome(pool, ERASE_COMMENTS, userId)
}

/** Erases the home feed of a user. */
export async function eraseHomeFeed(pool: Pool, userId: string): Promise<void> {
  await pool.query('DELETE FROM home_feed WHERE viewer_id = $1', [userId])
}

/** Erases a batch of a user's posts from the home feeds of others. Returns whether there may be more. */
export function eraseSomeFeedItems(pool: Pool, userId: string): Promise<boolean> {
  return eraseSome(pool, ERASE_ITEMS, userId)
}

/** Erases a batch of a user's seen marks, and of those in the user's moblog. Returns whether there may be more. */
export function eraseSomeSeenMarks(pool: Pool, userId: string): Promise<boolean> {
  return eraseSome(pool, ERASE_MARKS, userId)
}

/** Erases a batch of a user's likes of comments. Returns whether there may be more. */
export function eraseSomeCommentLikes(pool: Pool, userId: string): Promise<boolean> {
  return eraseSome(pool, ERASE_COMMENT_LIKES, userId)
}

/** Erases a batch of a user's views of posts. Returns whether there may be more. */
export function eraseSomeViews(pool: Pool, userId: string): Promise<boolean> {
  return eraseSome(pool, ERASE_VIEWS, userId)
}

/** Erases a batch of the mentions of a user in posts. Returns whether there may be more. */
export function eraseSomeMentions(pool: Pool, userId: string): Promise<boolean> {
  return eraseSome(pool, ERASE_MENTIONS, userId)
}

/** Erases which posts a user has hidden, and whether the user's read receipts are off. */
export async function eraseSettings(pool: Pool, userId: string): Promise<void> {
  await pool.query('DELETE FROM hidden_post WHERE user_id = $1', [userId])
  await pool.query('DELETE FROM read_receipt_opt_out WHERE user_id = $1', [userId])
}

async function eraseSome(pool: Pool, text: string, userId: string): Promise<boolean> {
  const { rowCount } = await pool.query(text, [userId])
  return (rowCount ?? 0) > 0
}
