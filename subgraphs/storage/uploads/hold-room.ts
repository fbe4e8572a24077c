import type { Clock } from '../../../platform/clock.ts'
import { NoRoomLeft } from '../capacity/disk-full.ts'
import { lockReservations, sharedOccupancy } from '../capacity/occupancy-store.ts'
import { type CapacityLimits, heldAhead, roomLeft } from '../capacity/room.ts'
import { inTransaction, type RootDb } from '../database.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { isReceiving } from './upload.ts'
import type { UploadFiles } from './upload-files.ts'
import { findUpload, markHeld } from './upload-store.ts'

/** The upload accepts no more bytes, because it was cancelled or has expired. */
export class UploadEnded extends Error {
  override name = 'UploadEnded'
}

/** The dependencies of holding disk space. */
export type Holding = {
  db: RootDb
  files: Pick<UploadFiles, 'freeBytes'>
  limits: CapacityLimits
  clock: Clock
  /** How long an upload stays open after its last activity, in milliseconds. */
  lifetimeMs: number
}

/** Up to which position the bytes of an upload have arrived, and up to which they will be written next. */
export type Progress = { uploadId: string; arrived: number; upTo: number }

/**
 * Holds disk space for arriving bytes before they are written. It holds up to the requested position and, if there is
 * space, an additional part ahead. An upload that sends nothing holds nothing: it holds what it has sent and the part
 * ahead.
 *
 * @returns up to which position bytes may be written now
 * @throws NoRoomLeft, UploadEnded
 */
export type HoldRoom = (progress: Progress) => Promise<number>

/**
 * Creates the function that holds space. Within one process, calls run one after the other; between processes, the
 * database serializes them.
 */
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
    // The free disk space is read last. Bytes that are written in between are then counted twice, and never missed.
    const room = roomLeft({ diskFree: await files.freeBytes(), taken, ahead }, limits)
    const held = Math.max(upload.heldBytes, heldAhead({ ...upload, arrived, upTo, room }))
    if (held < upTo)
      throw new NoRoomLeft(`${room} bytes are free, but ${upTo - upload.heldBytes} more bytes are needed`)
    const expiresAt = new Date(now.getTime() + lifetimeMs)
    await markHeld(tx, uploadId, { receivedBytes: arrived, heldBytes: held, expiresAt })
    return held
  })
}
