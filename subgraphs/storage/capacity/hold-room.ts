import type { Clock } from '../../../platform/clock.ts'
import { inTransaction, type RootDb } from '../database.ts'
import { isReceiving } from '../uploads/upload.ts'
import type { UploadFiles } from '../uploads/upload-files.ts'
import { findUpload, markHeld } from '../uploads/upload-store.ts'
import { NoRoomLeft } from './disk-full.ts'
import { lockReservations, sharedOccupancy } from './occupancy.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { type CapacityLimits, heldAhead, roomLeft } from './room.ts'

/** The upload takes no more bytes: it was given up, or its time is over. */
export class UploadEnded extends Error {
  override name = 'UploadEnded'
}

/** What holding room needs. */
export type Holding = {
  db: RootDb
  files: Pick<UploadFiles, 'freeBytes'>
  limits: CapacityLimits
  clock: Clock
  /** How long an upload stays open after its last sign of life. */
  lifetimeMs: number
}

/** How far the bytes of an upload have come, and how far they are about to be written. */
export type Progress = { uploadId: string; arrived: number; upTo: number }

/**
 * Holds room for bytes that are arriving, before they are written: as far as they go, and where there is more, a part
 * ahead. Nobody holds room without sending: what an upload holds is what it has sent and that part.
 *
 * @returns how far bytes may be written now
 * @throws NoRoomLeft, UploadEnded
 */
export type HoldRoom = (progress: Progress) => Promise<number>

/** Makes what holds room, in one process; the database makes the processes wait for each other. */
export function createRoomHolder(holding: Holding): HoldRoom {
  const inTurn = oneAtATime()
  return (progress) => inTurn(() => holdRoom(holding, progress))
}

function holdRoom(
  { db, files, limits, clock, lifetimeMs }: Holding,
  { uploadId, arrived, upTo }: Progress,
): Promise<number> {
  return inTransaction(db, async (tx) => {
    await lockReservations(tx)
    const now = clock()
    const upload = await findUpload(tx, uploadId)
    if (!upload || !isReceiving(upload, now)) throw new UploadEnded()
    const { taken, ahead } = await sharedOccupancy(tx, limits)
    // The disk is looked at last: what is written in between counts twice then, and never not at all.
    const room = roomLeft({ diskFree: await files.freeBytes(), taken, ahead }, limits)
    const held = Math.max(upload.heldBytes, heldAhead({ ...upload, arrived, upTo, room }))
    if (held < upTo)
      throw new NoRoomLeft(`${room} bytes are left, ${upTo - upload.heldBytes} more are needed`)
    const expiresAt = new Date(now.getTime() + lifetimeMs)
    await markHeld(tx, uploadId, { receivedBytes: arrived, heldBytes: held, expiresAt })
    return held
  })
}
