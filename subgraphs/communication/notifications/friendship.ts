import type { Db } from '../database.ts'
import type { RelationshipKind } from '../people/relationship.ts'
import { publishFriendRequestAccepted } from './kinds/friend-request-accepted.ts'
import { publishFriendRequest } from './kinds/friend-request-received.ts'
import { notificationKinds } from './kinds/kinds.ts'
import { withdrawAll } from './notification-store.ts'

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
  await withdrawAll(tx, pairs)
}
