import type { Prisma } from '../../../generated/prisma/communication/client.ts'
import type { RelationshipKind } from '../people/relationship.ts'
import { deliver } from './deliver.ts'

type Transaction = Prisma.TransactionClient

/** Notifies the owner that the media is stored (docs/method.md, A3), in the transaction that registers it. */
export function publishMediaStored(
  tx: Transaction,
  { ownerId, mediaId, at }: { ownerId: string; mediaId: string; at: Date },
): Promise<void> {
  return deliver(tx, [ownerId], { kind: 'MEDIA_STORED', subject: `media ${mediaId}`, mediaId, at })
}

/** Notifies the owner that all variants of a media file were made, in the transaction that registers them. */
export function publishMediaReady(
  tx: Transaction,
  { ownerId, mediaId, at }: { ownerId: string; mediaId: string; at: Date },
): Promise<void> {
  return deliver(tx, [ownerId], { kind: 'MEDIA_READY', subject: `all of media ${mediaId}`, mediaId, at })
}

/**
 * Notifies the owner that the upload was rejected.
 *
 * @param mediaId the media that was stored before its variants failed; if it is deleted, this notification is hidden
 */
export function publishMediaRejected(
  tx: Transaction,
  { ownerId, uploadId, mediaId, at }: { ownerId: string; uploadId: string; mediaId?: string; at: Date },
): Promise<void> {
  const subject = `upload ${uploadId}`
  return deliver(tx, [ownerId], { kind: 'MEDIA_REJECTED', subject, uploadId, mediaId: mediaId ?? null, at })
}

/**
 * Notifies the other user of a friend request or a new friendship, in the transaction that changes the relationship.
 * Only the newest request of a user is kept, regardless of how often the user sends and cancels it.
 *
 * @param change the two users and the other user's new relationship to `actorId`
 */
export async function publishRelationshipChange(
  tx: Transaction,
  change: { actorId: string; otherId: string; relationship: RelationshipKind; at: Date },
): Promise<void> {
  const { actorId, otherId, relationship, at } = change
  if (relationship !== 'REQUEST_SENT' && relationship !== 'FRIEND') return
  const kind = relationship === 'FRIEND' ? 'FRIEND_REQUEST_ACCEPTED' : 'FRIEND_REQUEST_RECEIVED'
  const subject = relationship === 'FRIEND' ? acceptedBy(actorId) : requestOf(actorId)
  await tx.notification.deleteMany({ where: { userId: otherId, subject } })
  await deliver(tx, [otherId], { kind, subject, actorId, at })
}

/**
 * Retracts the notification of a withdrawn request, in the transaction that withdraws it, because it can no longer be
 * answered.
 */
export async function retractFriendRequest(tx: Transaction, actorId: string, otherId: string): Promise<void> {
  await tx.notification.deleteMany({ where: { userId: otherId, subject: requestOf(actorId) } })
}

/**
 * Retracts two users' notifications about their friendship, in the transaction that ends it. Notifications about the
 * other user's posts are hidden when they are read, because a job may still be publishing one.
 */
export async function retractFriendship(tx: Transaction, one: string, other: string): Promise<void> {
  const pairs = [one, other].flatMap((userId) => {
    const actorId = userId === one ? other : one
    return [requestOf(actorId), acceptedBy(actorId)].map((subject) => ({ userId, subject }))
  })
  // Rows are locked in the same order as for marking them as read, so the two do not deadlock.
  await tx.$executeRaw`
    WITH held AS (
      SELECT n.user_id, n.position
      FROM unnest(${pairs.map(({ userId }) => userId)}::uuid[], ${pairs.map(({ subject }) => subject)}::text[])
        AS told (user_id, subject)
      JOIN notifications n USING (user_id, subject)
      ORDER BY n.user_id, n.position FOR UPDATE OF n
    )
    DELETE FROM notifications n USING held WHERE n.user_id = held.user_id AND n.position = held.position`
}

const requestOf = (actorId: string) => `request of ${actorId}`
const acceptedBy = (actorId: string) => `accepted by ${actorId}`
