import { newId } from '../../../platform/ids.ts'
import type { Db } from '../database.ts'
import type { NewNotification } from './notification.ts'

/** The PostgreSQL channel that carries the ids of users with new notifications. */
export const INBOX_CHANNEL = 'communication_inbox'

/** The most recipients of one call: their ids must fit into one PostgreSQL notification of 8000 bytes. */
export const MAX_RECIPIENTS = 200

/** The part of a Prisma client or transaction that `deliver` needs. */
type Executor = { $executeRawUnsafe(sql: string, ...values: unknown[]): PromiseLike<number> }

// Inboxes are locked in the order of their users, so two calls for the same users do not deadlock. A position is
// assigned under its inbox's lock, which lasts until the commit. An unused position does no harm.
const DELIVER = `
  WITH recipients AS MATERIALIZED (
    SELECT u.id AS user_id, wanted.id FROM unnest($1::uuid[], $2::uuid[]) AS wanted(user_id, id)
    JOIN users u ON u.id = wanted.user_id
    LEFT JOIN relationships r ON r.user_id = u.id AND r.other_id = $6::uuid
    WHERE coalesce(r.kind, 'NONE') NOT IN ('BLOCKED', 'BLOCKED_BY')
      AND NOT EXISTS (SELECT FROM notifications n WHERE n.user_id = u.id AND n.subject = $4::text)
  ), moved AS (
    INSERT INTO inboxes AS inbox (user_id, last_position) SELECT user_id, 1 FROM recipients ORDER BY user_id
    ON CONFLICT (user_id) DO UPDATE SET last_position = inbox.last_position + 1
    RETURNING user_id, last_position
  ), added AS (
    INSERT INTO notifications
      (id, user_id, position, kind, subject, created_at, actor_id, media_id, upload_id, post_id, comment_id,
       post_author_id)
    SELECT recipients.id, user_id, last_position, $3::text, $4::text, $5::timestamptz,
           $6::uuid, $7::uuid, $8::uuid, $9::uuid, $10::uuid, $11::uuid
    FROM moved JOIN recipients USING (user_id)
    ON CONFLICT DO NOTHING
    RETURNING user_id
  )
  SELECT pg_notify('${INBOX_CHANNEL}', string_agg(user_id::text, ',')) FROM added HAVING count(*) > 0`

/**
 * Publishes a notification to users, in the transaction that causes it or outside one. It skips users who already have
 * a notification with the same subject, users who do not exist, and users with a block between them and the one who acted.
 * Repeating it does no harm.
 *
 * @param db a transaction (call this late in it, because it locks the users' inboxes until the commit), or the client
 * @param recipients at most `MAX_RECIPIENTS` user ids; several calls in one transaction need them in order
 */
export async function deliver(
  db: Executor,
  kind: { name: string },
  recipients: readonly string[],
  notification: NewNotification,
): Promise<void> {
  const { subject, at, actorId, mediaId, uploadId, postId, commentId, postAuthorId } = notification
  const to = recipients.filter((id) => id !== actorId)
  const ids = to.map(() => newId())
  const content = [actorId, mediaId, uploadId, postId, commentId, postAuthorId].map((id) => id ?? null)
  await db.$executeRawUnsafe(DELIVER, to, ids, kind.name, subject, at, ...content)
}

/** Deletes a user's notification with a subject, if there is one. */
export async function withdraw(db: Executor, userId: string, subject: string): Promise<void> {
  await db.$executeRawUnsafe(
    'DELETE FROM notifications WHERE user_id = $1::uuid AND subject = $2::text',
    userId,
    subject,
  )
}

/** Deletes the notifications with these recipients and subjects, if there are any. */
export async function withdrawAll(
  db: Db,
  notifications: readonly { userId: string; subject: string }[],
): Promise<void> {
  const userIds = notifications.map(({ userId }) => userId)
  const subjects = notifications.map(({ subject }) => subject)
  // Rows are locked in the same order as for marking them as read, so the two do not deadlock.
  await db.$executeRaw`
    WITH withdrawn AS (
      SELECT n.user_id, n.position
      FROM unnest(${userIds}::uuid[], ${subjects}::text[]) AS wanted (user_id, subject)
      JOIN notifications n USING (user_id, subject)
      ORDER BY n.user_id, n.position FOR UPDATE OF n
    )
    DELETE FROM notifications n USING withdrawn
    WHERE n.user_id = withdrawn.user_id AND n.position = withdrawn.position`
}

/** Marks a user's notification with a subject as read. One that is already read keeps its time. */
export async function markSubjectRead(
  tx: Db,
  { userId, subject, at }: { userId: string; subject: string; at: Date },
): Promise<void> {
  await tx.notification.updateMany({ where: { userId, subject, readAt: null }, data: { readAt: at } })
}
