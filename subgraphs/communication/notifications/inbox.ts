import type pg from 'pg'
import type { Connection } from '../../../platform/connections.ts'
import { isId } from '../../../platform/ids.ts'
import type { StoredNotification } from './notification.ts'

// What was done by someone who has been deleted, or whom either has blocked since, is not told any more; nor is a
// medium that is gone. Posts and comments are blog's: it resolves to null what the viewer may not see.
const VISIBLE = `
  FROM notifications n
  LEFT JOIN users actor ON actor.id = n.actor_id
  LEFT JOIN relations r ON r.user_id = n.user_id AND r.other_id = n.actor_id
  LEFT JOIN media m ON m.id = n.media_id
  WHERE n.user_id = $1::uuid AND m.gone_at IS NULL
    AND (n.actor_id IS NULL OR actor.id IS NOT NULL AND coalesce(r.tie, 'NONE') NOT IN ('BLOCKED', 'BLOCKED_BY'))`

const COLUMNS = `n.id, n.position, n.kind, n.actor_id AS "actorId", n.media_id AS "mediaId", n.upload_id AS "uploadId",
  n.post_id AS "postId", n.comment_id AS "commentId", n.created_at AS "createdAt", n.read_at AS "readAt"`

/** A user's notification with an id; null where there is none that is told. */
export async function findNotification(
  pool: pg.Pool,
  userId: string,
  id: string,
): Promise<StoredNotification | null> {
  if (!isId(id)) return null
  const text = `SELECT ${COLUMNS} ${VISIBLE} AND n.id = $2::uuid`
  const { rows } = await pool.query<StoredNotification>({
    name: 'notification',
    text,
    values: [userId, id],
  })
  return rows[0] ?? null
}

/**
 * A user's notifications, newest first.
 *
 * @param before the position to go on from; null to begin with the newest
 */
export async function findInbox(
  pool: pg.Pool,
  userId: string,
  before: string | null,
  limit: number,
): Promise<StoredNotification[]> {
  const text = `SELECT ${COLUMNS} ${VISIBLE} AND n.position < coalesce($2::bigint, 9223372036854775807)
    ORDER BY n.position DESC LIMIT $3`
  const values = [userId, before, limit]
  const { rows } = await pool.query<StoredNotification>({ name: 'inbox', text, values })
  return rows
}

/** How many of a user's notifications have not been read. */
export async function countUnread(pool: pg.Pool, userId: string): Promise<number> {
  const text = `SELECT count(*)::int AS count ${VISIBLE} AND n.read_at IS NULL`
  const { rows } = await pool.query<{ count: number }>({ name: 'unread', text, values: [userId] })
  return rows[0]?.count ?? 0
}

/** A page of someone's notifications, newest first. */
export type InboxPage = Connection<StoredNotification> & { userId: string }

/** A stretch of an inbox, oldest first, and the position to go on from. */
export type FeedPage = { events: { id: string; position: string }[]; end: string }

/**
 * A user's notifications after a position. All in one statement: where fewer than `limit` come, `end` is how far the
 * inbox had got at the instant of looking.
 *
 * @param after null to learn only where the inbox ends
 */
export async function readFeed(
  pool: pg.Pool,
  userId: string,
  after: string | null,
  limit: number,
): Promise<FeedPage> {
  const text = `
    WITH page AS (
      SELECT n.id, n.position ${VISIBLE} AND n.position > $2::bigint ORDER BY n.position LIMIT $3)
    SELECT coalesce((SELECT last_position FROM inboxes WHERE user_id = $1::uuid), 0)::text AS end,
      coalesce(json_agg(json_build_object('id', id, 'position', position::text) ORDER BY position), '[]') AS events
    FROM page`
  const values = [userId, after, after === null ? 0 : limit]
  const { rows } = await pool.query<FeedPage>({ name: 'notification-feed', text, values })
  const [page] = rows
  if (!page) throw new Error('an aggregate has always one row')
  const last = page.events.at(-1)
  return last && page.events.length === limit ? { ...page, end: last.position } : page
}
