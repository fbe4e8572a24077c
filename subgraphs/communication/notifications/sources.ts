import type { Prisma } from '../../../generated/prisma/communication/client.ts'
import type { Tie } from '../friends/relationship.ts'
import { deliver } from './deliver.ts'

type Transaction = Prisma.TransactionClient

/** Tells who uploaded that the medium is stored (spec A3), in the transaction that registers it. */
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

/** Tells who uploaded that the upload was not taken. */
export function tellMediaRejected(
  tx: Transaction,
  { ownerId, uploadId, at }: { ownerId: string; uploadId: string; at: Date },
): Promise<void> {
  return deliver(tx, [ownerId], { kind: 'MEDIA_REJECTED', subject: `upload ${uploadId}`, uploadId, at })
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
  const subject = tie === 'FRIEND' ? `accepted by ${actorId}` : requestOf(actorId)
  await tx.notification.deleteMany({ where: { userId: otherId, subject } })
  await deliver(tx, [otherId], { kind, subject, actorId, at })
}

/** A request that is taken back is not told any more, in the transaction that takes it back: nothing can be answered. */
export async function untellRequest(tx: Transaction, actorId: string, otherId: string): Promise<void> {
  await tx.notification.deleteMany({ where: { userId: otherId, subject: requestOf(actorId) } })
}

const requestOf = (actorId: string) => `request of ${actorId}`
