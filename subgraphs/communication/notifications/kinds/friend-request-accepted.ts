import type { Db } from '../../database.ts'
import type { NotificationKind } from '../notification-kind.ts'
import { deliver, withdraw } from '../notification-store.ts'
import { actorOf } from '../references.ts'

const subjectOf = (actorId: string) => `accepted by ${actorId}`

export const kind: NotificationKind<'FriendRequestAccepted'> = {
  name: 'FRIEND_REQUEST_ACCEPTED',
  type: 'FriendRequestAccepted',
  resolvers: { by: actorOf },
  friendshipSubject: subjectOf,
}

/** Notifies the other user of a new friendship, in the transaction that accepts the request. Only the newest is kept. */
export async function publishFriendRequestAccepted(
  tx: Db,
  { actorId, otherId, at }: { actorId: string; otherId: string; at: Date },
): Promise<void> {
  const subject = subjectOf(actorId)
  await withdraw(tx, otherId, subject)
  await deliver(tx, kind, [otherId], { subject, actorId, at })
}
