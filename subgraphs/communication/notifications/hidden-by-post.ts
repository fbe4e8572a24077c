import { isInAudience } from '../access/in-audience.ts'

/**
 * Returns the SQL condition that a user's notifications about a post are not hidden because of the post itself. Media, and
 * posts for lists or with an expiry, are registered before anyone sees them. The author sees the others' notifications about
 * a post as long as it exists.
 *
 * @param postId the SQL expression of the post's id; it is also true if this is null, or the post is not registered
 * @param userId the SQL expression of the user's id
 */
export function isNotHiddenByPost(postId: string, userId: string): string {
  return `NOT EXISTS (
    SELECT FROM posts p WHERE p.id = ${postId} AND (
      p.expires_at <= now() OR ${userId} <> p.owner_id AND p.audience IN ('ONLY_LIST', 'EXCEPT_LIST')
        AND NOT ${isInAudience('p.audience', 'p.audience_list_id', 'p.owner_id', userId)}
    )
  )`
}
