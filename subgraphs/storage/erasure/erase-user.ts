import type { Clock } from '../../../platform/clock.ts'
import { lockReservations } from '../capacity/occupancy-store.ts'
import { inTransaction, type RootDb } from '../database.ts'
import type { DeleteMedia } from '../media/delete-media.ts'
import { listMediaOf } from '../media/media-store.ts'
import { saveRevocations } from '../revocations/revocation-store.ts'
import type { RevokedTokens } from '../revocations/revoked-tokens.ts'
import { forgetFinishedOf } from '../uploads/upload-store.ts'

/** The dependencies of erasing. */
export type Erasing = {
  db: RootDb
  clock: Clock
  revokedTokens: RevokedTokens
  deleteMedia: DeleteMedia
  /** Ends all uploads of a user that are not finished. */
  endUploadsOf(ownerId: string): Promise<void>
}

const BATCH = 100
// Also revokes tokens that are signed before `communication` has deleted the account everywhere. In milliseconds.
const PROPAGATION_MS = 3_600_000

/**
 * Erases a user's uploads and media with their bytes. It revokes the tokens first, so that no viewer sees half-erased
 * data. From then on no upload begins. Running it again erases what was added in the meantime.
 */
export async function eraseUser(erasing: Erasing, userId: string): Promise<void> {
  const { db, clock, revokedTokens, deleteMedia, endUploadsOf } = erasing
  const now = clock()
  const issuedUntil = new Date(now.getTime() + PROPAGATION_MS)
  const revocations = [
    { ownerId: userId, viewerId: null, mediaId: null, sessionId: null, issuedUntil },
    { ownerId: null, viewerId: userId, mediaId: null, sessionId: null, issuedUntil },
  ]
  for (const revocation of revocations) revokedTokens.add(revocation)
  await inTransaction(db, async (tx) => {
    // An upload that is being opened is in the list that `endUploadsOf` reads, or sees these revocations.
    await lockReservations(tx)
    await saveRevocations(tx, revocations, now)
  })
  await endUploadsOf(userId)
  for (;;) {
    const media = await listMediaOf(db, userId, { limit: BATCH, olderThan: null })
    for (const { id } of media) await deleteMedia(id, userId)
    if (media.length < BATCH) break
  }
  // Finished upload rows contain file names and results.
  await forgetFinishedOf(db, userId)
}
