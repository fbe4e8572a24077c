import type { Clock } from '../../../platform/clock.ts'
import { type Db, inTransaction, type RootDb } from '../database.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import { saveRevocations } from '../revocations/revocation-store.ts'
import type { RevokedTokens } from '../revocations/revoked-tokens.ts'
import { removeMedia } from './media-store.ts'

/** The dependencies of deleting. */
export type Deleting = {
  db: RootDb
  objects: ObjectStore
  revokedTokens: RevokedTokens
  clock: Clock
  /** Queues the deletion for `communication`, in the transaction that removes the media row. */
  publishDeleted(tx: Db, mediaId: string): Promise<void>
}

/** Deletes a media file of its owner; resolves to false if the user has no such media file. */
export type DeleteMedia = (mediaId: string, ownerId: string) => Promise<boolean>

// Also revokes tokens that are signed before `communication` has received the deletion. In milliseconds.
const PROPAGATION_MS = 3_600_000

/**
 * Creates the function that deletes a media file. It removes the row first, so that nothing refers to missing bytes,
 * then revokes all tokens, then removes the bytes. If it is interrupted, the sweep finds the bytes without a row.
 */
export function createDeleteMedia(deps: Deleting): DeleteMedia {
  const { db, objects, revokedTokens, clock, publishDeleted } = deps
  return async (mediaId, ownerId) => {
    const now = clock()
    const issuedUntil = new Date(now.getTime() + PROPAGATION_MS)
    const revocation = { ownerId: null, viewerId: null, mediaId, sessionId: null, issuedUntil }
    const isRemoved = await inTransaction(db, async (tx) => {
      if (!(await removeMedia(tx, mediaId, ownerId))) return false
      await saveRevocations(tx, [revocation], now)
      await publishDeleted(tx, mediaId)
      return true
    })
    if (!isRemoved) return false
    revokedTokens.add(revocation)
    await objects.remove(mediaId)
    return true
  }
}
