import type pg from 'pg'
import type { Connection } from '../../../platform/connections.ts'
import { isId } from '../../../platform/ids.ts'
import type { StoredNotification } from './notification.ts'
import { notRetracted } from './retractions.ts'

// What was done by someone who has been deleted, or whom either has blocked since, is not told any more; nor is a
// medium that is gone, a like, comment or post that was taken back, or a post of someone who is no friend any more.
// Whether the viewer may see a post that is there is for blog to say: it resolves to null what they may not.
const visibleTo = (user: string) => `
  FROM notifications n
  LEFT JOIN users actor ON actor.id = n.actor_id
  LEFT JOIN relations r ON r.user_id = n.user_id AND r.other_id = n.actor_id
  LEFT JOIN media m ON m.id = n.media_id
  WHERE n.user_id = ${user} AND m.gone_at IS NULL
    AND (n.actor_id IS NULL OR actor.id IS NOT NULL AND coalesce(r.tie, 'NONE') NOT IN ('BLOCKED', 'BLOCKED_BY'))
    AND (n.kind <> 'POST_PUBLISHED' OR r.tie = 'FRIEND')
    AND ${notRetracted('n')}`

const COLUMNS = `n.id, n.position, n.kind, n.actor_id AS "actorId", n.media_id AS "mediaId", n.upload_id AS "uploadId",
  n.post_id AS "postId", n.comment_id AS "commentId", n.created_at AS "createdAt", n.read_at AS "readAt"`

/** A user's notification with an id; null where there is none that is told. */
export async function findNotification(
  pool: pg.Pool,
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
  const text = `SELECT ${COLUMNS} ${visibleTo('$1::uuid')} AND n.position < coalesce($2::bigint, 9223372036854775807)
    ORDER BY n.position DESC LIMIT $3`
  const values = [userId, before, limit]
  const { rows } = await pool.query<StoredNotification>({ name: 'inbox', text, values })
  return rows
}

/** How many of a user's notifications have not been read. */
export async function countUnread(pool: pg.Pool, userId: string): Promise<number> {
  const text = `SELECT count(*)::int AS count ${visibleTo('$1::uuid')} AND n.read_at IS NULL`
  const { rows } = await pool.query<{ count: number }>({ name: 'unread', text, values: [userId] })
  return rows[0]?.count ?? 0
}

/** A page of someone's notifications, newest first. */
export type InboxPage = Connection<StoredNotification> & { userId: string }

/** A stretch of an inbox, oldest first, and the position to go on from. */
export type FeedPage = { events: { id: string; position: string }[]; end: string }

/**
 * Users' notifications after a position each, in the order asked. All in one statement: where fewer than `limit` come,
 * `end` is how far the inbox had got at the instant of looking.
 *
 * @param readers `after` is null for those who only learn where their inbox ends
 */
export async function readFeeds(
  pool: pg.Pool,
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
