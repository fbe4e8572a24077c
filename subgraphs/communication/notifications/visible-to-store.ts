import { isNotHiddenByPost } from './hidden-by-post.ts'
import { notificationKinds } from './kinds/kinds.ts'
import type { AnyNotificationKind } from './notification-kind.ts'

const names = (kinds: readonly AnyNotificationKind[]) => `'{${kinds.map(({ name }) => name).join()}}'::text[]`

// Rows of other kinds were written by a newer version of this service.
const isKnown = `n.kind = ANY (${names(notificationKinds)})`

const isFriendIfNeeded = `
  (n.kind <> ALL (${names(notificationKinds.filter((kind) => kind.isFromFriendsOnly))}) OR r.kind = 'FRIEND')`

const subjectsOfKinds = notificationKinds.flatMap(({ name, hiddenBySubjects }) =>
  (hiddenBySubjects?.('n', 'r') ?? []).map((subject) => `CASE WHEN n.kind = '${name}' THEN ${subject} END`),
)

const isNotHiddenByKind = [
  'true',
  ...notificationKinds.flatMap(({ name, hiddenIf }) =>
    hiddenIf ? [`NOT (n.kind = '${name}' AND ${hiddenIf('n')})`] : [],
  ),
].join(' AND ')

// Readers check retractions, and a retraction deletes no notifications. It therefore makes no difference whether a
// notification or its retraction arrives first.
const isNotRetracted = `
  NOT EXISTS (
    SELECT FROM retractions
    WHERE NOT retractions.is_lifted
      AND retractions.subject IN (${['n.subject', "'post ' || n.post_id", ...subjectsOfKinds].join()})
  )`

/**
 * Returns the part of a statement, from FROM on, that finds the notifications `n` that a user sees. It hides
 * notifications by deleted users and by users with a block between them and the reader. It also hides deleted media,
 * likes, comments, mentions and posts that were taken back, expired posts, posts of users who are no longer friends, posts for
 * audience lists whose audience the user has left, and what happens about the user's comments on posts that the user may not
 * see any more. Otherwise blog decides whether the viewer may see a post, which resolves it to null if not.
 *
 * @param user the SQL expression of the user's id
 */
export const visibleTo = (user: string) => `
  FROM notifications n
  LEFT JOIN users actor ON actor.id = n.actor_id
  LEFT JOIN relationships r ON r.user_id = n.user_id AND r.other_id = n.actor_id
  LEFT JOIN media m ON m.id = n.media_id
  WHERE n.user_id = ${user} AND m.gone_at IS NULL
    AND (n.actor_id IS NULL OR actor.id IS NOT NULL AND coalesce(r.kind, 'NONE') NOT IN ('BLOCKED', 'BLOCKED_BY'))
    AND ${isKnown} AND ${isFriendIfNeeded} AND ${isNotRetracted}
    AND ${isNotHiddenByKind} AND ${isNotHiddenByPost('n.post_id', 'n.user_id')}`
