import type { ReportPostActivityInput } from '../../../generated/graphql/internal/communication.ts'
import type { RootDb } from '../database.ts'
import { publicSubject, retract, shownSubject } from './retraction-store.ts'

const isRetracted = (subject: string) =>
  `EXISTS (SELECT FROM retractions state WHERE NOT state.is_lifted AND state.subject = ${subject})`

/**
 * Returns the SQL condition that hides a notification from the author of a comment, because the post is another user's and the
 * author of the comment may not see it any more. The user who acted need not be the author of the post, so what the reader is to
 * that user says nothing about it.
 *
 * @param n the alias of the notifications
 */
export function isHiddenFromCommenter(n: string): string {
  const post = `${n}.post_id`
  return `(${n}.post_author_id IS NOT NULL AND ${n}.post_author_id <> ${n}.user_id AND (
    NOT EXISTS (SELECT FROM users post_author WHERE post_author.id = ${n}.post_author_id)
    OR ${isRetracted(`'${shownSubject('')}' || ${post}`)}
    OR CASE coalesce((
        SELECT own.kind::text FROM relationships own
        WHERE own.user_id = ${n}.user_id AND own.other_id = ${n}.post_author_id), 'NONE')
      WHEN 'FRIEND' THEN false WHEN 'BLOCKED' THEN true WHEN 'BLOCKED_BY' THEN true
      ELSE ${isRetracted(`'${publicSubject('')}' || ${post}`)} END))`
}

/**
 * Records that strangers may not see the post of a report. Such a report only ever hides: whether the post is public again is
 * reported when its audience changes, in order with other changes.
 */
export async function recordAudience(
  db: RootDb,
  { postId, authorId, audience, occurredAt: at }: ReportPostActivityInput,
): Promise<void> {
  // An earlier version of blog does not report the audience.
  if (audience == null || audience === 'PUBLIC') return
  await retract(db, { subject: publicSubject(postId), actorId: authorId, at })
}
