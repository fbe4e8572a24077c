import type { Clock } from '../../../platform/clock.ts'
import type { Log } from '../../../platform/log.ts'
import { createOutageLog } from '../../../platform/outage-log.ts'
import { lockReservations, sharedOccupancy, userOccupancy } from '../capacity/occupancy-store.ts'
import {
  type CapacityLimits,
  type Occupancy,
  type Refusal,
  refuseFile,
  refuseForRoom,
  storageBroken,
} from '../capacity/room.ts'
import { type Db, inTransaction, type RootDb } from '../database.ts'
import type { Media } from '../media/media.ts'
import { findSameBytes } from '../media/media-store.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import { isAccountDeleted } from '../revocations/revocation-store.ts'
import { oneAtATime } from './one-at-a-time.ts'
import type { Upload } from './upload.ts'
import type { UploadFiles } from './upload-files.ts'
import { countUpload } from './upload-metrics.ts'
import { findUpload, insertStored, insertUpload } from './upload-store.ts'

/** The request of `communication` to open an upload. */
export type UploadRequest = Pick<
  Upload,
  'ownerId' | 'fileName' | 'title' | 'mimeType' | 'byteSize' | 'sha256' | 'keyId'
> & { uploadId: string }

/** The dependencies of reserving. */
export type Reserving = {
  db: RootDb
  files: UploadFiles
  objects: ObjectStore
  limits: CapacityLimits
  clock: Clock
  log: Log
  /** How long an upload stays open before its first byte arrives, in milliseconds. */
  firstByteMs: number
}

/** The upload is open with its reservation, or refused with the reason. */
export type Opened = { refusal: Refusal } | { reservedBytes: number }

/**
 * Checks limits and free space, and reserves an upload's bytes in its owner's quota (docs/method.md, A2). A repeated
 * request gets the same answer as the first. If the owner already has a media file with the announced SHA-256 and size,
 * the upload is `COMPLETED` immediately.
 */
export function createUploadOpener(reserving: Reserving): (request: UploadRequest) => Promise<Opened> {
  const inTurn = oneAtATime()
  const reportFull = createOutageLog(reserving.log, 'warn', 'uploads refused: no free space')
  return async (request) => {
    const opened = await inTurn(() => openUpload(reserving, request))
    countUpload('refusal' in opened ? 'refused' : 'started')
    if ('refusal' in opened && opened.refusal.code === 'STORAGE_UNAVAILABLE') {
      reportFull(new Error(opened.refusal.message))
    }
    return opened
  }
}

const ACCOUNT_DELETED: Refusal = { code: 'NOT_FOUND', message: 'This account is deleted.' }

async function openUpload(reserving: Reserving, request: UploadRequest): Promise<Opened> {
  const checked = refuseFile(request, reserving.limits)
  if ('code' in checked) return { refusal: checked }
  const same = await findSame(reserving, request)
  // Bytes arrive on the local disk first, also if they are kept elsewhere in the end.
  const storeFree = await reserving.objects.freeBytes().catch(() => null)
  if (storeFree === null) return { refusal: storageBroken() }
  return inTransaction(reserving.db, async (tx) => {
    await lockReservations(tx)
    // The request was in progress when the account was deleted. Its erasure has ended the owner's other uploads.
    if (await isAccountDeleted(tx, request.ownerId)) return { refusal: ACCOUNT_DELETED }
    const known = await findUpload(tx, request.uploadId)
    if (known) return repeated(known, request)
    const now = reserving.clock()
    const { uploadId, ...rest } = request
    const upload = {
      ...rest,
      id: uploadId,
      maxBytes: checked.reserve,
      createdAt: now,
      expiresAt: new Date(now.getTime() + reserving.firstByteMs),
    }
    if (same) {
      await insertStored(tx, { ...upload, mediaId: same.id })
      return { reservedBytes: checked.reserve }
    }
    const occupancy = await measure(tx, reserving, request.ownerId, storeFree)
    const refusal = refuseForRoom({ ...request, ...checked }, occupancy, reserving.limits)
    if (refusal) return { refusal }
    await insertUpload(tx, upload)
    return { reservedBytes: checked.reserve }
  })
}

/** The owner's media with the same bytes: they need not be sent again and must not take space twice. */
async function findSame({ db, objects }: Reserving, request: UploadRequest): Promise<Media | null> {
  const { ownerId, sha256, byteSize } = request
  if (sha256 === null || byteSize === null) return null
  const media = await findSameBytes(db, { ownerId, sha256, byteSize })
  // If the stored bytes are lost, the owner is the one who can send them again.
  const file = media && (await objects.open(media.id, 'original'))
  await file?.close()
  return file ? media : null
}

function repeated(known: Upload, request: UploadRequest): Opened {
  const isSame =
    known.ownerId === request.ownerId &&
    known.mimeType === request.mimeType &&
    (known.byteSize === request.byteSize || request.byteSize === null) &&
    !['REJECTED', 'EXPIRED', 'CANCELLED'].includes(known.state)
  if (isSame) return { reservedBytes: known.maxBytes }
  return {
    refusal: { code: 'CONFLICT', message: 'A different or ended upload already has this id. Use a new id.' },
  }
}

async function measure(
  tx: Db,
  { files, limits }: Reserving,
  ownerId: string,
  storeFree: number,
): Promise<Occupancy> {
  const user = await userOccupancy(tx, ownerId)
  const shared = await sharedOccupancy(tx, limits)
  return {
    ...shared,
    // Read last: bytes that are written in between are then counted twice, and never missed.
    diskFree: Math.min(storeFree, await files.freeBytes()),
    userUsed: user.used,
    userReserved: user.reserved,
    userUnheld: user.unheld,
    userOpen: user.open,
  }
}
