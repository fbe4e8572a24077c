import type { Clock } from '../../../platform/clock.ts'
import { type Db, inTransaction, type RootDb } from '../database.ts'
import { saveRevocations } from '../delivery/revocation-store.ts'
import type { Revocations } from '../delivery/revocations.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import { removeMedium } from './media-store.ts'

/** What deleting needs. */
export type Deleting = {
  db: RootDb
  objects: ObjectStore
  revocations: Revocations
  clock: Clock
  /** Tells `communication` that a medium is gone, in the transaction that removes it. */
  announceGone(tx: Db, mediaId: string): Promise<void>
}

// For tokens that are signed before `communication` has heard of it.
const NEWS_TRAVEL_MS = 3600_000

/**
 * Deletes a medium of its owner's: the row first, so that nothing refers to bytes that are gone, then every token,
 * then the bytes. Cut off in between, the sweep finds bytes without a row.
 *
 * @returns false where the user has no such medium
 */
export async function deleteMedium(deleting: Deleting, mediaId: string, ownerId: string): Promise<boolean> {
  const { db, objects, revocations, clock, announceGone } = deleting
  const now = clock()
  const issuedUntil = new Date(now.getTime() + NEWS_TRAVEL_MS)
  const revocation = { ownerId: null, viewerId: null, mediaId, sessionId: null, issuedUntil }
  const isRemoved = await inTransaction(db, async (tx) => {
    if (!(await removeMedium(tx, mediaId, ownerId))) return false
    await saveRevocations(tx, [revocation], now)
    await announceGone(tx, mediaId)
    return true
  })
  if (!isRemoved) return false
  revocations.add(revocation)
  await objects.remove(mediaId)
  return true
}
