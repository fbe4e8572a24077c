import type { Pool } from '../database.ts'

/** How many posts of friends a home feed holds. */
export const MAX_ITEMS = 2_000

const REMOVED_AT_ONCE = 1_000
const DROPPED_AT_ONCE = 100

/** Whether a post is published and has an audience other than its author. */
export async function isShared(pool: Pool, postId: string): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'fan-out-shared',
    text: `SELECT FROM post WHERE id = $1 AND published_at IS NOT NULL AND audience <> 'ONLY_ME'`,
    values: [postId],
  })
  return rowCount !== 0
}

/** Adds a shared post to those of the home feeds that are kept. Repeating it changes nothing. */
export async function addToFeeds(pool: Pool, postId: string, viewerIds: readonly string[]): Promise<void> {
  await pool.query({
    name: 'fan-out-add',
    text: `INSERT INTO home_feed_item (viewer_id, post_id, author_id, published_at)
      SELECT viewer_id, post.id, post.moblog_id, post.published_at
      FROM post CROSS JOIN home_feed
      WHERE post.id = $1 AND post.published_at IS NOT NULL AND post.audience <> 'ONLY_ME'
        AND viewer_id = ANY ($2::uuid[])
      ORDER BY viewer_id
      ON CONFLICT DO NOTHING`,
    values: [postId, viewerIds],
  })
}

// The posts of a friend for all friends, and those for a list, which may not contain the viewer. Apart, because many posts
// that the viewer may not see would otherwise take the places of those that the viewer may see.
const KINDS = `(ARRAY['PUBLIC', 'FRIENDS']::audience[]), (ARRAY['ONLY_LIST', 'EXCEPT_LIST']::audience[])`

/** Adds the newest shared posts of authors to a home feed, if it is kept. Repeating it changes nothing. */
export async function addNewestPosts(
  pool: Pool,
  viewerId: string,
  authorIds: readonly string[],
  perAuthor: number,
): Promise<void> {
  await pool.query({
    name: 'fan-out-fill',
    text: `INSERT INTO home_feed_item (viewer_id, post_id, author_id, published_at)
      SELECT viewer_id, newest.id, newest.author_id, newest.published_at
      FROM home_feed CROSS JOIN LATERAL (
        SELECT post.* FROM unnest($2::uuid[]) AS author (id) CROSS JOIN (VALUES ${KINDS}) AS kind (audiences)
        CROSS JOIN LATERAL (
          SELECT shared.* FROM unnest(kind.audiences) AS every (audience)
          CROSS JOIN LATERAL (
            SELECT id, moblog_id AS author_id, published_at FROM post
            WHERE moblog_id = author.id AND audience = every.audience AND published_at < 'infinity'
            ORDER BY published_at DESC, id DESC LIMIT $3
          ) AS shared
          ORDER BY shared.published_at DESC, shared.id DESC LIMIT $3
        ) AS post
        ORDER BY post.published_at DESC, post.id DESC LIMIT ${MAX_ITEMS}
      ) AS newest
      WHERE viewer_id = $1
      ON CONFLICT DO NOTHING`,
    values: [viewerId, authorIds, perAuthor],
  })
}

/** Removes a batch of a post's items from all home feeds. Returns whether there may be more. */
export async function removeSomeOfPost(pool: Pool, postId: string): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'fan-out-remove-post',
    text: `DELETE FROM home_feed_item WHERE post_id = $1 AND viewer_id IN (
      SELECT viewer_id FROM home_feed_item WHERE post_id = $1 LIMIT ${REMOVED_AT_ONCE}
    )`,
    values: [postId],
  })
  return rowCount === REMOVED_AT_ONCE
}

/** Removes an author's posts from a home feed. */
export async function removeAuthor(pool: Pool, viewerId: string, authorId: string): Promise<void> {
  await pool.query({
    name: 'fan-out-remove-author',
    text: 'DELETE FROM home_feed_item WHERE viewer_id = $1 AND author_id = $2',
    values: [viewerId, authorId],
  })
}

/** Removes the oldest items of home feeds that hold more than `MAX_ITEMS`. */
export async function trimFeeds(pool: Pool, viewerIds: readonly string[]): Promise<void> {
  if (viewerIds.length === 0) return
  await pool.query({
    name: 'fan-out-trim',
    text: `DELETE FROM home_feed_item AS item USING unnest($1::uuid[]) AS viewer (id)
      CROSS JOIN LATERAL (
        SELECT published_at, post_id FROM home_feed_item WHERE viewer_id = viewer.id
        ORDER BY published_at DESC, post_id DESC OFFSET ${MAX_ITEMS} LIMIT 1
      ) AS newest_extra
      WHERE item.viewer_id = viewer.id
        AND (item.published_at, item.post_id) <= (newest_extra.published_at, newest_extra.post_id)`,
    values: [viewerIds],
  })
}

/** Begins to keep a viewer's home feed. Posts that are published from now on are added to it. */
export async function openFeed(pool: Pool, viewerId: string, now: Date): Promise<void> {
  await pool.query({
    name: 'home-feed-open',
    text: 'INSERT INTO home_feed (viewer_id, read_at) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    values: [viewerId, now],
  })
}

/** Records that a viewer's home feed holds the posts from before it was opened. */
export async function markBuilt(pool: Pool, viewerId: string, now: Date): Promise<void> {
  await pool.query({
    name: 'home-feed-built',
    text: 'UPDATE home_feed SET built_at = $2 WHERE viewer_id = $1',
    values: [viewerId, now],
  })
}

/** Records when a viewer has read the home feed. */
export async function markRead(pool: Pool, viewerId: string, now: Date): Promise<void> {
  await pool.query({
    name: 'home-feed-read',
    text: 'UPDATE home_feed SET read_at = $2 WHERE viewer_id = $1',
    values: [viewerId, now],
  })
}

/** Drops a batch of home feeds that were last read before this instant. Returns whether there may be more. */
export async function dropSomeFeeds(pool: Pool, readBefore: Date): Promise<boolean> {
  const { rowCount } = await pool.query(
    // A feed that a post is being added to is dropped by a later batch, so neither waits for the other.
    `DELETE FROM home_feed WHERE viewer_id IN (
      SELECT viewer_id FROM home_feed WHERE read_at < $1 LIMIT ${DROPPED_AT_ONCE} FOR UPDATE SKIP LOCKED
    ) AND read_at < $1`,
    [readBefore],
  )
  return rowCount === DROPPED_AT_ONCE
}
