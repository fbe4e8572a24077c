import type { Db } from '../database.ts'
import { MENTIONED, mentionSubject, postSubject } from './retraction-store.ts'

/**
 * Returns the SQL condition that a friend of a post's author is notified of a mention in the post, which was not taken back.
 * The friend then sees this notification instead of the one about the new post.
 *
 * @param postId the SQL expression of the post's id
 * @param userId the SQL expression of the friend's id
 */
export function isNotifiedOfMention(postId: string, userId: string): string {
  return `EXISTS (
    SELECT FROM notifications mention
    WHERE mention.user_id = ${userId} AND mention.subject = '${mentionSubject('')}' || ${postId}::text
      AND NOT EXISTS (
        SELECT FROM retractions taken_back WHERE NOT taken_back.is_lifted
          AND taken_back.subject = '${MENTIONED}' || ${postId}::text || ' ' || ${userId}::text))`
}

/**
 * Finds those of some users who have fewer than `limit` notifications of one kind by an author in the 24 hours before an instant,
 * read or not, hidden or not. Until the commit, other transactions that count for this author wait.
 */
export async function findBelowDailyLimit(
  tx: Db,
  { kind, authorId, limit, at }: { kind: string; authorId: string; limit: number; at: Date },
  userIds: readonly string[],
): Promise<string[]> {
  if (userIds.length === 0) return []
  // A statement of its own: the next one also counts what was committed while this one waited.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`mentions by ${authorId}`}, 0))`
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT wanted.id::text AS id FROM unnest(${userIds}::uuid[]) AS wanted (id)
    WHERE (
      SELECT count(*) FROM notifications n
      WHERE n.user_id = wanted.id AND n.actor_id = ${authorId}::uuid AND n.kind = ${kind}
        AND n.created_at > ${at}::timestamptz - interval '24 hours'
    ) < ${limit}::int`
  return rows.map(({ id }) => id)
}

/** Finds those of some users who were notified of a mention in a post, in the order of their ids. */
export async function findNotifiedOfMention(
  tx: Db,
  postId: string,
  userIds: readonly string[],
): Promise<string[]> {
  const rows = await tx.notification.findMany({
    where: { userId: { in: [...userIds] }, subject: mentionSubject(postId) },
    select: { userId: true },
    orderBy: { userId: 'asc' },
  })
  return rows.map(({ userId }) => userId)
}

/** Makes the users' notifications of a new post as old, and as read, as those of the mention that they take the place of. */
export async function copyMarksOfMention(tx: Db, postId: string, userIds: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE notifications published
    SET created_at = mention.created_at, read_at = coalesce(published.read_at, mention.read_at)
    FROM notifications mention
    WHERE published.user_id = ANY (${userIds}::uuid[]) AND published.subject = ${postSubject(postId)}
      AND mention.user_id = published.user_id AND mention.subject = ${mentionSubject(postId)}`
}
