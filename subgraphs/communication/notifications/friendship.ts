import type { Db } from '../database.ts'
import type { RelationshipKind } from '../people/relationship.ts'
import { publishFriendRequestAccepted } from './kinds/friend-request-accepted.ts'
import { publishFriendRequest } from './kinds/friend-request-received.ts'
import { notificationKinds } from './kinds/kinds.ts'

/**
 * Notifies the other user of a friend request or a new friendship, in the transaction that changes the relationship.
 *
 * @param change the two users and the other user's new relationship to `actorId`
 */
export async function publishRelationshipChange(
  tx: Db,
  change: { actorId: string; otherId: string; relationship: RelationshipKind; at: Date },
): Promise<void> {
  if (change.relationship === 'REQUEST_SENT') await publishFriendRequest(tx, change)
  if (change.relationship === 'FRIEND') await publishFriendRequestAccepted(tx, change)
}

/**
 * Retracts two users' notifications about their friendship, in the transaction that ends it. Notifications about the
 * other user's posts are hidden when they are read, because a job may still be publishing one.
 */
export async function retractFriendship(tx: Db, one: string, other: string): Promise<void> {
  const pairs = [one, other].flatMap((userId) => {
    const actorId = userId === one ? other : one
    return notificationKinds.flatMap(({ friendshipSubject }) =>
      friendshipSubject ? [{ userId, subject: friendshipSubject(actorId) }] : [],
    )
  })
  // Rows are locked in the same order as for marking them as read, so the two do not deadlock.
  await tx.$executeRaw`
    WITH retracted AS (
      SELECT n.user_id, n.position
      FROM unnest(${pairs.map(({ userId }) => userId)}::uuid[], ${pairs.map(({ subject }) => subject)}::text[])
        AS pair (user_id, subject)
      JOIN notifications n USING (user_id, subject)
      ORDER BY n.user_id, n.position FOR UPDATE OF n
    )
    DELETE FROM notifications n USING retracted
    WHERE n.user_id = retracted.user_id AND n.position = retracted.position`
}
