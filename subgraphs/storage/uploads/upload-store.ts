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

/** One upload; null where there is none. */
export async function findUpload(db: Db, id: string): Promise<Upload | null> {
  const row = await db.upload.findUnique({ where: { id }, select: COLUMNS })
  return row && toUpload(row)
}

/** All uploads that take space and have not become media yet. */
export async function findUnfinished(db: Db): Promise<Upload[]> {
  const rows = await db.upload.findMany({ where: { state: { in: [...UNFINISHED] } }, select: COLUMNS })
  return rows.map(toUpload)
}

/** What the handshake knows of an upload. */
export type NewUpload = Omit<
  Upload,
  'receivedBytes' | 'heldBytes' | 'state' | 'mediaId' | 'failureCode' | 'failureMessage'
>

/** Enters a new upload; what it may take is set aside from its owner's quota from then on. */
export async function insertUpload(db: Db, upload: NewUpload): Promise<void> {
  await db.upload.create({ data: { ...upload, state: 'REQUESTED' }, select: { id: true } })
}

/** Enters an upload of bytes that its owner has already: it is over at once, and nothing is reserved. */
export async function insertStored(db: Db, upload: NewUpload & { mediaId: string }): Promise<void> {
  await db.upload.create({
    data: { ...upload, receivedBytes: upload.maxBytes, state: 'READY', finishedAt: upload.createdAt },
    select: { id: true },
  })
}

/** Bytes arrive, and room is held for them: the upload stays open for longer. */
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
 * So much has arrived, and nothing arrives now: what was held ahead comes back.
 *
 * @param held nothing is changed where it was another amount
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

/** A live recording's size is known now; what was reserved beyond it comes back. */
export async function settleSize(db: Db, id: string, byteSize: number): Promise<void> {
  await db.upload.updateMany({
    where: { id, byteSize: null, maxBytes: { gte: byteSize }, state: { in: [...RECEIVING] } },
    data: { byteSize, maxBytes: byteSize },
  })
}

/** All bytes have arrived. False where the upload was not receiving any more. */
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

/** Ends an upload that was verified: stored. False where something else has ended it. */
export async function markReady(db: Db, id: string, now: Date): Promise<boolean> {
  const { count } = await db.upload.updateMany({
    where: { id, state: 'VERIFYING' },
    data: { state: 'READY', finishedAt: now },
  })
  return count === 1
}

/** Ends an upload that was verified: not stored. */
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

/** Ends an upload of which not all has arrived. False where all has, or it had ended before. */
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
 * Accepts another key, the only one from then on. Only bytes that arrive keep an upload open for longer, no key does.
 * False where the upload takes no bytes any more.
 */
export async function replaceKey(db: Db, id: string, keyId: string, now: Date): Promise<boolean> {
  const { count } = await db.upload.updateMany({
    where: { id, state: { in: [...RECEIVING] }, expiresAt: { gt: now } },
    data: { keyId },
  })
  return count === 1
}

/** Forgets uploads that ended long ago; media that came of them stay. */
export async function forgetFinished(db: Db, before: Date): Promise<number> {
  const { count } = await db.upload.deleteMany({ where: { finishedAt: { lt: before } } })
  return count
}
