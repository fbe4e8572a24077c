import type { Clock } from '../../../platform/clock.ts'
import { newId } from '../../../platform/ids.ts'
import type { Log } from '../../../platform/log.ts'
import type { WorkQueue } from '../../../platform/turns/work-queue.ts'
import type { RootDb } from '../database.ts'
import type { Skips } from '../objects/skipped-entries.ts'
import type { Room } from './append-durably.ts'
import type { HoldRoom } from './hold-room.ts'
import type { RunningDigests } from './running-digests.ts'
import type { Upload } from './upload.ts'
import type { UploadFiles } from './upload-files.ts'
import type { UploadLocks } from './upload-locks.ts'
import { countUpload } from './upload-metrics.ts'
import { findUnfinished, markGivenUp, markReceived, releaseAhead } from './upload-store.ts'

/** The dependencies of receiving bytes, for every protocol. */
export type Receiving = {
  db: RootDb
  files: UploadFiles
  locks: UploadLocks
  digests: RunningDigests
  holdRoom: HoldRoom
  clock: Clock
  log: Log
  /** How long an upload stays open after its last activity, in milliseconds. */
  lifetimeMs: number
  /** Verifies an upload by its id and takes the owners in turn. */
  verifications: WorkQueue<Upload | null>
  /** Whether another process verifies an upload now. */
  isVerifiedElsewhere(id: string): Promise<boolean>
}

/** The disk space into which the bytes of an upload are written. */
export function roomOf({ holdRoom }: Pick<Receiving, 'holdRoom'>, { id, heldBytes }: Upload): Room {
  return { held: heldBytes, hold: (arrived, upTo) => holdRoom({ uploadId: id, arrived, upTo }) }
}

/**
 * Releases the space that was held beyond the bytes that have arrived. The caller holds the upload's lock, and no bytes
 * are arriving. If the database does not answer, the sweep releases the space later.
 */
export async function releaseRoomAhead(
  { db, files, log }: Pick<Receiving, 'db' | 'files' | 'log'>,
  id: string,
): Promise<void> {
  try {
    const arrived = await files.size(id)
    if (arrived !== null) await releaseAhead(db, id, { arrived })
  } catch (error) {
    log.warn({ err: error, uploadId: id }, 'held upload space not released')
  }
}

/**
 * Records in the database that all bytes of an upload are on disk. The caller holds the upload's lock.
 *
 * @returns false if the upload has ended in the meantime
 */
export function allReceived(
  { db }: Pick<Receiving, 'db'>,
  id: string,
  receivedBytes: number,
): Promise<boolean> {
  return markReceived(db, id, { receivedBytes, mediaId: newId() })
}

/** Starts verification in the background. Errors are logged, and the sweep tries again. */
export function verifySoon(
  { verifications, log }: Receiving,
  { id, ownerId }: Pick<Upload, 'id' | 'ownerId'>,
): void {
  verifications
    .run(id, ownerId)
    .catch((error) => log.error({ err: error, uploadId: id }, 'upload verification failed'))
}

/**
 * Resumes what an earlier process left: uploads in verification, and uploads whose last byte arrived before the
 * database recorded it.
 *
 * @param skips collects those whose files cannot be handled
 */
export async function resumeUploads(receiving: Receiving, skips: Skips): Promise<void> {
  for (const upload of await findUnfinished(receiving.db)) {
    if (receiving.verifications.has(upload.id)) continue
    const isWaiting =
      upload.state === 'VERIFYING'
        ? !(await receiving.isVerifiedElsewhere(upload.id))
        : await skips.attempt(upload.id, () => isComplete(receiving, upload))
    if (isWaiting) verifySoon(receiving, upload)
  }
}

async function isComplete(receiving: Receiving, { id, byteSize }: Upload): Promise<boolean> {
  if (byteSize === null || (await receiving.files.size(id)) !== byteSize) return false
  // Waiting for the lock would interrupt the request that holds it.
  if (await receiving.locks.isHeldAnywhere(id)) return false
  return receiving.locks.hold(id, async () => {
    await receiving.files.dropUnchecked(id)
    if ((await receiving.files.size(id)) !== byteSize) return false
    return allReceived(receiving, id, byteSize)
  })
}

// Much longer than a connection stays open when nothing arrives on it.
const SILENT_MS = 10 * 60_000

/**
 * Releases the space that a killed process held ahead of its bytes. It skips uploads that another process may still be
 * receiving.
 *
 * @param skips collects those whose files cannot be handled
 */
export async function releaseAbandonedRoom(receiving: Receiving, skips: Skips): Promise<void> {
  const { db, files, locks, clock, lifetimeMs } = receiving
  const silentSince = clock().getTime() + lifetimeMs - SILENT_MS
  for (const { id, state, heldBytes, receivedBytes, expiresAt } of await findUnfinished(db)) {
    if (state === 'VERIFYING' || locks.isHeld(id) || expiresAt.getTime() > silentSince) continue
    await skips.attempt(id, async () => {
      const arrived = await files.size(id)
      if (arrived === null || (arrived === heldBytes && arrived === receivedBytes)) return
      await releaseAhead(db, id, { arrived, held: heldBytes })
    })
  }
}

/**
 * Gives up an incomplete upload: deletes its bytes and releases its reservation.
 *
 * @param expiredAt when it expired. A file that was written to later is quarantined instead of deleted: no byte is
 *   accepted after the expiry, so the database must be older than the file, as after restoring a dump
 * @returns false if all bytes have arrived, or the upload has already ended
 */
export function giveUp(
  { db, files, locks, clock }: Pick<Receiving, 'db' | 'files' | 'locks' | 'clock'>,
  id: string,
  state: 'EXPIRED' | 'CANCELLED',
  expiredAt?: Date,
): Promise<boolean> {
  return locks.hold(id, async () => {
    const isGivenUp = await markGivenUp(db, id, state, clock())
    if (isGivenUp) countUpload(state === 'EXPIRED' ? 'expired' : 'cancelled')
    const writtenAt = isGivenUp && expiredAt && (await files.writtenAt(id))
    if (writtenAt && writtenAt > expiredAt) await files.quarantine.add(id)
    else if (isGivenUp) await files.remove(id)
    return isGivenUp
  })
}
