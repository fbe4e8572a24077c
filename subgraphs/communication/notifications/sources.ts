import type { Prisma } from '../../../generated/prisma/communication/client.ts'
import type { Tie } from '../friends/relationship.ts'
import { deliver } from './deliver.ts'

type Transaction = Prisma.TransactionClient

/** Tells who uploaded that the medium is stored (docs/method.md, A3), in the transaction that registers it. */
export function tellMediaReady(
  tx: Transaction,
  { ownerId, mediaId, at }: { ownerId: string; mediaId: string; at: Date },
): Promise<void> {
  return deliver(tx, [ownerId], { kind: 'MEDIA_READY', subject: `media ${mediaId}`, mediaId, at })
}

/** Tells who uploaded that everything has been made of a medium, in the transaction that registers it. */
export function tellMediaProcessed(
  tx: Transaction,
  { ownerId, mediaId, at }: { ownerId: string; mediaId: string; at: Date },
): Promise<void> {
  return deliver(tx, [ownerId], { kind: 'MEDIA_PROCESSED', subject: `all of media ${mediaId}`, mediaId, at })
}

/**
 * Tells who uploaded that the upload was not taken.
 *
 * @param mediaId the medium that was stored before nothing could be made of it; where it is deleted, this is not told
 *   any more
 */
export function tellMediaRejected(
  tx: Transaction,
  { ownerId, uploadId, mediaId, at }: { ownerId: string; uploadId: string; mediaId?: string; at: Date },
): Promise<void> {
  const subject = `upload ${uploadId}`
  return deliver(tx, [ownerId], { kind: 'MEDIA_REJECTED', subject, uploadId, mediaId: mediaId ?? null, at })
}

/**
 * Tells the other of a friendship that is asked for or made, in the transaction that changes the tie. Of two users
 * only the newest request is kept, however often one asks and thinks better of it.
 *
 * @param tie what the other has become to `actorId`
 */
export async function tellOfTie(
  tx: Transaction,
  { actorId, otherId, tie, at }: { actorId: string; otherId: string; tie: Tie; at: Date },
): Promise<void> {
  if (tie !== 'REQUEST_SENT' && tie !== 'FRIEND') return
  const kind = tie === 'FRIEND' ? 'FRIEND_REQUEST_ACCEPTED' : 'FRIEND_REQUEST_RECEIVED'
  const subject = tie === 'FRIEND' ? acceptedBy(actorId) : requestOf(actorId)
  await tx.notification.deleteMany({ where: { userId: otherId, subject } })
  await deliver(tx, [otherId], { kind, subject, actorId, at })
}

/** A request that is taken back is not told any more, in the transaction that takes it back: nothing can be answered. */
export async function untellRequest(tx: Transaction, actorId: string, otherId: string): Promise<void> {
  await tx.notification.deleteMany({ where: { userId: otherId, subject: requestOf(actorId) } })
}

/**
 * What two users were told of their friendship is not told any more, in the transaction that ends it. Posts of the other
 * are hidden where notifications are read, since a job may still be telling of one.
 */
export async function untellFriendship(tx: Transaction, one: string, other: string): Promise<void> {
  const pairs = [one, other].flatMap((userId) => {
    const actorId = userId === one ? other : one
    return [requestOf(actorId), acceptedBy(actorId)].map((subject) => ({ userId, subject }))
  })
  // Rows are held in the order in which marking them as read holds them, so that the two don't wait for each other.
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
