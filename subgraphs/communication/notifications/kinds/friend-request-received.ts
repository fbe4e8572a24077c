import type { Db } from '../../database.ts'
import type { NotificationKind } from '../notification-kind.ts'
import { deliver, markSubjectRead, withdraw } from '../notification-store.ts'
import { actorOf } from '../references.ts'

const subjectOf = (actorId: string) => `request of ${actorId}`

export const kind: NotificationKind<'FriendRequestReceived'> = {
  name: 'FRIEND_REQUEST_RECEIVED',
  type: 'FriendRequestReceived',
  resolvers: { from: actorOf },
  friendshipSubject: subjectOf,
}

/**
 * Notifies the other user of a friend request, in the transaction that sends it. Only the newest request of a user is
 * kept, regardless of how often the user sends and cancels it.
 */
export async function publishFriendRequest(
  tx: Db,
  { actorId, otherId, at }: { actorId: string; otherId: string; at: Date },
): Promise<void> {
  const subject = subjectOf(actorId)
  await withdraw(tx, otherId, subject)
  await deliver(tx, kind, [otherId], { subject, actorId, at })
}

/**
 * Marks the notification of a request as read, in the transaction that accepts it: its reader has answered it, on
 * whichever screen and device.
 */
export function markFriendRequestRead(tx: Db, actorId: string, otherId: string, at: Date): Promise<void> {
  return markSubjectRead(tx, { userId: otherId, subject: subjectOf(actorId), at })
}

/**
 * Retracts the notification of a withdrawn request, in the transaction that withdraws it, because it can no longer be
 * answered.
 */
export function retractFriendRequest(tx: Db, actorId: string, otherId: string): Promise<void> {
  return withdraw(tx, otherId, subjectOf(actorId))
}
