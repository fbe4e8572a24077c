import { isId } from '../../../platform/ids.ts'
import type { Pool } from '../database.ts'
import type { StoredNotification } from './notification.ts'
import { visibleTo } from './visible-to-store.ts'

const COLUMNS = `n.id, n.position, n.kind, n.actor_id AS "actorId", n.media_id AS "mediaId", n.upload_id AS "uploadId",
  n.post_id AS "postId", n.comment_id AS "commentId", n.created_at AS "createdAt", n.read_at AS "readAt"`

/** Finds a user's notification by id; null if there is none, or if it is hidden. */
export async function findNotification(
  pool: Pool,
  userId: string,
  id: string,
): Promise<StoredNotification | null> {
  if (!isId(id)) return null
  const text = `SELECT ${COLUMNS} ${visibleTo('$1::uuid')} AND n.id = $2::uuid`
  const { rows } = await pool.query<StoredNotification>({
    name: 'notification',
    text,
    values: [userId, id],
  })
  return rows[0] ?? null
}

/**
 * Finds a user's notifications, newest first.
 *
 * @param before the position to continue from; null starts with the newest
 */
export async function findInbox(
  pool: Pool,
  userId: string,
  before: string | null,
  limit: number,
): Promise<StoredNotification[]> {
  const text = `SELECT ${COLUMNS} ${visibleTo('$1::uuid')} AND n.position < coalesce($2::bigint, 9223372036854775807)
    ORDER BY n.position DESC LIMIT $3`
  const values = [userId, before, limit]
  const { rows } = await pool.query<StoredNotification>({ name: 'inbox', text, values })
  return rows
}

/** Counts a user's unread notifications. */
export async function countUnread(pool: Pool, userId: string): Promise<number> {
  const text = `SELECT count(*)::int AS count ${visibleTo('$1::uuid')} AND n.read_at IS NULL`
  const { rows } = await pool.query<{ count: number }>({ name: 'unread', text, values: [userId] })
  return rows[0]?.count ?? 0
}

/** A part of an inbox, oldest first, and the position to continue from. */
export type FeedPage = { events: { id: string; position: string }[]; end: string }

/**
 * Reads each user's notifications after a position, in the order of `readers`. All are read in one statement: if a page
 * has fewer than `limit` notifications, `end` is the inbox's last position at that instant.
 *
 * @param readers `after` is null if a reader only needs the end of the inbox
 */
export async function readFeeds(
  pool: Pool,
  readers: readonly { userId: string; after: string | null }[],
  limit: number,
): Promise<FeedPage[]> {
  const text = `
    SELECT coalesce(inboxes.last_position, 0)::text AS end, coalesce(page.events, '[]') AS events
    FROM unnest($1::uuid[], $2::bigint[]) WITH ORDINALITY AS reader(user_id, after, number)
    LEFT JOIN inboxes ON inboxes.user_id = reader.user_id
    CROSS JOIN LATERAL (
      SELECT json_agg(json_build_object('id', id, 'position', position::text) ORDER BY position) AS events
      FROM (
        SELECT n.id, n.position ${visibleTo('reader.user_id')} AND n.position > reader.after
        ORDER BY n.position LIMIT $3
      ) AS first
    ) AS page
    ORDER BY reader.number`
  const values = [readers.map(({ userId }) => userId), readers.map(({ after }) => after), limit]
  const { rows } = await pool.query<FeedPage>({ name: 'notification-feeds', text, values })
  return rows.map((page) => {
    const last = page.events.at(-1)
    return last && page.events.length === limit ? { ...page, end: last.position } : page
  })
}
