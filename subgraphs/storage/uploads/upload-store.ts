import type { Db } from '../database.ts'
import { RECEIVING, UNFINISHED, type Upload } from './upload.ts'

const COLUMNS = {
  id: true,
  ownerId: true,
  fileName: true,
  title: true,
  mimeType: true,
  byteSize: true,
  maxBytes: true,
  receivedBytes: true,
  heldBytes: true,
  sha256: true,
  keyId: true,
  state: true,
  mediaId: true,
  failureCode: true,
  failureMessage: true,
  createdAt: true,
  expiresAt: true,
} as const

type Row = Omit<Upload, 'byteSize' | 'maxBytes' | 'receivedBytes' | 'heldBytes'> & {
  byteSize: bigint | null
  maxBytes: bigint
  receivedBytes: bigint
  heldBytes: bigint
}

function toUpload(row: Row): Upload {
  return {
    ...row,
    byteSize: row.byteSize === null ? null : Number(row.byteSize),
    maxBytes: Number(row.maxBytes),
    receivedBytes: Number(row.receivedBytes),
    heldBytes: Number(row.heldBytes),
  }
}

/** The uploads with these ids, in no particular order. */
export async function findUploads(db: Db, ids: readonly string[]): Promise<Upload[]> {
  const rows = await db.upload.findMany({ where: { id: { in: [...ids] } }, select: COLUMNS })
  return rows.map(toUpload)
}

/** One upload; null if it does not exist. */
export async function findUpload(db: Db, id: string): Promise<Upload | null> {
  const row = await db.upload.findUnique({ where: { id }, select: COLUMNS })
  return row && toUpload(row)
}

/** All uploads that reserve space and have not become media yet. */
export async function findUnfinished(db: Db): Promise<Upload[]> {
  const rows = await db.upload.findMany({ where: { state: { in: [...UNFINISHED] } }, select: COLUMNS })
  return rows.map(toUpload)
}

/** The data of an upload that is known after the handshake. */
export type NewUpload = Omit<
  Upload,
  'receivedBytes' | 'heldBytes' | 'state' | 'mediaId' | 'failureCode' | 'failureMessage'
>

/** Inserts a new upload. From then on its maximum size is reserved in its owner's quota. */
export async function insertUpload(db: Db, upload: NewUpload): Promise<void> {
  await db.upload.create({ data: { ...upload, state: 'REQUESTED' }, select: { id: true } })
}

/** Inserts an upload for bytes that its owner already stores. It is `COMPLETED` immediately, and nothing is reserved. */
export async function insertStored(db: Db, upload: NewUpload & { mediaId: string }): Promise<void> {
  await db.upload.create({
    data: { ...upload, receivedBytes: upload.maxBytes, state: 'COMPLETED', finishedAt: upload.createdAt },
    select: { id: true },
  })
}

/** Records that bytes are arriving and space is held for them, and extends the time that the upload stays open. */
export async function markHeld(
  db: Db,
  id: string,
  progress: { receivedBytes: number; heldBytes: number; expiresAt: Date },
): Promise<void> {
  await db.upload.updateMany({
    where: { id, state: { in: [...RECEIVING] } },
    data: { state: 'UPLOADING', ...progress },
  })
}

/**
 * Records how many bytes have arrived when no more are arriving, and releases the space that was held ahead.
 *
 * @param held if set, the row changes only if it holds exactly this amount
 */
export async function releaseAhead(
  db: Db,
  id: string,
  { arrived, held }: { arrived: number; held?: number },
): Promise<void> {
  await db.upload.updateMany({
    where: { id, state: { in: [...RECEIVING] }, ...(held !== undefined && { heldBytes: held }) },
    data: { receivedBytes: arrived, heldBytes: arrived },
  })
}

/** Sets the size of a live recording and releases the reservation beyond it. */
export async function settleSize(db: Db, id: string, byteSize: number): Promise<void> {
  await db.upload.updateMany({
    where: { id, byteSize: null, maxBytes: { gte: byteSize }, state: { in: [...RECEIVING] } },
    data: { byteSize, maxBytes: byteSize },
  })
}

/** Records that all bytes have arrived. Returns false if the upload was not receiving any more. */
export async function markReceived(
  db: Db,
  id: string,
  received: { receivedBytes: number; mediaId: string },
): Promise<boolean> {
  const { count } = await db.upload.updateMany({
    where: { id, state: { in: [...RECEIVING] } },
    data: { state: 'VERIFYING', heldBytes: received.receivedBytes, ...received },
  })
  return count === 1
}

/** Ends a verified upload as stored. Returns false if it has already ended. */
export async function markCompleted(db: Db, id: string, now: Date): Promise<boolean> {
  const { count } = await db.upload.updateMany({
    where: { id, state: 'VERIFYING' },
    data: { state: 'COMPLETED', finishedAt: now },
  })
  return count === 1
}

/** Ends a verified upload as rejected. Returns false if it has already ended. */
export async function markRejected(
  db: Db,
  id: string,
  failure: { code: string; message: string },
  now: Date,
): Promise<boolean> {
  const { count } = await db.upload.updateMany({
    where: { id, state: 'VERIFYING' },
    data: {
      state: 'REJECTED',
      mediaId: null,
      failureCode: failure.code,
      failureMessage: failure.message,
      finishedAt: now,
    },
  })
  return count > 0
}

/** Ends an incomplete upload. Returns false if all bytes have arrived, or if it has already ended. */
export async function markGivenUp(
  db: Db,
  id: string,
  state: 'EXPIRED' | 'CANCELLED',
  now: Date,
): Promise<boolean> {
  const { count } = await db.upload.updateMany({
    where: { id, state: { in: [...RECEIVING] }, ...(state === 'EXPIRED' && { expiresAt: { lte: now } }) },
    data: { state, finishedAt: now },
  })
  return count === 1
}

/**
 * Replaces the key; from then on, only the new key is accepted. Arriving bytes extend the time that an upload stays
 * open, a new key does not. Returns false if the upload accepts no more bytes.
 */
export async function replaceKey(db: Db, id: string, keyId: string, now: Date): Promise<boolean> {
  const { count } = await db.upload.updateMany({
    where: { id, state: { in: [...RECEIVING] }, expiresAt: { gt: now } },
    data: { keyId },
  })
  return count === 1
}

/** Deletes the rows of uploads that ended long ago; the media that they became stay. */
export async function forgetFinished(db: Db, before: Date): Promise<number> {
  const { count } = await db.upload.deleteMany({ where: { finishedAt: { lt: before } } })
  return count
}

/** The ids of a user's uploads that have not ended. */
export async function listUnfinishedOf(db: Db, ownerId: string): Promise<string[]> {
  const rows = await db.upload.findMany({ where: { ownerId, finishedAt: null }, select: { id: true } })
  return rows.map(({ id }) => id)
}

/** Deletes the rows of a user's uploads that have ended; the media that they became stay. */
export async function forgetFinishedOf(db: Db, ownerId: string): Promise<void> {
  await db.upload.deleteMany({ where: { ownerId, finishedAt: { not: null } } })
}
