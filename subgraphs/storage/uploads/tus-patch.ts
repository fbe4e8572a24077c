import type { IncomingMessage } from 'node:http'
import { LockLost } from '../../../platform/database/session-locks.ts'
import { hasCode } from '../../../platform/system-error.ts'
import { isDiskFull } from '../capacity/disk-full.ts'
import { appendDurably, TooMuch } from './append-durably.ts'
import { type ChunkChecksum, checksumMeter, readChecksum } from './chunk-checksum.ts'
import { UploadEnded } from './hold-room.ts'
import { allReceived, type Receiving, releaseRoomAhead, roomOf, verifySoon } from './receiving.ts'
import { DISK_FULL, TAKES_NO_MORE, type TusAnswer } from './tus-answer.ts'
import { isReceiving, type Upload } from './upload.ts'
import { findUpload, settleSize } from './upload-store.ts'

// How long a request that is displaced by a newer one may take to hand over the bytes that have arrived.
const DRAIN_MS = 20
const TOO_LARGE: TusAnswer = {
  status: 413,
  message: 'The upload would become larger than announced. Request a new upload with the right size.',
}

/**
 * Receives a chunk of an upload (tus 1.0, PATCH). An acknowledged byte is on disk.
 *
 * This replaces @tus/server, which passes bytes from the socket to the file through eight streams, half of them web
 * streams, and took two to three times the processor time.
 *
 * @returns null if the client has disconnected
 */
export async function receiveChunk(
  receiving: Receiving,
  id: string,
  request: IncomingMessage,
): Promise<TusAnswer | null> {
  const chunk = readHeaders(request)
  if ('status' in chunk) return chunk
  const gone = new AbortController()
  const leave = () => gone.abort()
  request.once('close', leave)
  try {
    const work = (displaced: AbortSignal, lost: AbortSignal) =>
      receiveInTurn(receiving, id, request, chunk, { displaced, lost })
    return await receiving.locks.hold(id, work, gone.signal)
  } catch (error) {
    if (isDiskFull(error)) {
      receiving.log.warn({ uploadId: id, err: error }, 'no disk space for upload bytes')
      return DISK_FULL
    }
    if (error instanceof UploadEnded) return TAKES_NO_MORE
    // The client asks another process, or later, which bytes have arrived.
    if (error instanceof LockLost) return null
    if (request.destroyed && (!request.complete || hasCode(error, 'ERR_STREAM_PREMATURE_CLOSE'))) return null
    throw error
  } finally {
    request.off('close', leave)
  }
}

type Chunk = {
  offset: number
  length: number | null
  declared: number | null
  checksum: ChunkChecksum | null
}

function readHeaders({ headers }: IncomingMessage): Chunk | TusAnswer {
  // tus 1.0: "All PATCH requests MUST use Content-Type: application/offset+octet-stream, otherwise the server SHOULD
  // return a 415 Unsupported Media Type status."
  if (headers['content-type']?.toLowerCase() !== 'application/offset+octet-stream') {
    return { status: 415, message: 'Content-Type must be application/offset+octet-stream.' }
  }
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    return {
      status: 415,
      message: 'Content-Encoding is not supported. Send the bytes without encoding them.',
    }
  }
  const offset = wholeNumber(headers['upload-offset'])
  const declared = wholeNumber(headers['upload-length'])
  if (offset === null || Number.isNaN(offset))
    return { status: 400, message: 'Upload-Offset must be a whole number of bytes.' }
  if (Number.isNaN(declared))
    return { status: 400, message: 'Upload-Length must be a whole number of bytes.' }
  const checksum = readChecksum(headers['upload-checksum'])
  if (typeof checksum === 'string') return { status: 400, message: checksum }
  return { offset, declared, checksum, length: wholeNumber(headers['content-length']) }
}

/** Null if there is no header, NaN if it is not a number. */
function wholeNumber(header: string | string[] | undefined): number | null {
  if (header === undefined) return null
  return /^\d{1,15}$/.test(String(header)) ? Number(header) : Number.NaN
}

async function receiveInTurn(
  receiving: Receiving,
  id: string,
  request: IncomingMessage,
  chunk: Chunk,
  { displaced, lost }: { displaced: AbortSignal; lost: AbortSignal },
): Promise<TusAnswer> {
  const { db, files, clock } = receiving
  const upload = await findUpload(db, id)
  // The upload may have ended while this request waited for the lock.
  if (!upload || !isReceiving(upload, clock())) return TAKES_NO_MORE
  await files.prepare(id)
  const { offset } = chunk
  const current = await files.size(id)
  if (current !== offset) {
    return {
      status: 409,
      message: `Upload-Offset is ${offset}, but the current offset is ${current}. Continue from the offset that HEAD returns.`,
    }
  }
  const size = await settled(receiving, upload, chunk)
  if (typeof size === 'object' && size !== null) return size
  const limit = (size ?? upload.maxBytes) - offset
  if ((chunk.length ?? 0) > limit) return TOO_LARGE

  let timer: NodeJS.Timeout | undefined
  const leave = () => {
    // A request that has arrived completely finishes soon, and its sender gets an answer.
    timer = setTimeout(() => request.complete || request.destroy(), DRAIN_MS)
  }
  if (displaced.aborted) leave()
  displaced.addEventListener('abort', leave, { once: true })
  try {
    const length = await append(receiving, upload, request, { ...chunk, limit, lost })
    lost.throwIfAborted()
    if (length === 'MISMATCH') {
      return {
        status: 460,
        message: 'Upload-Checksum does not match the bytes that arrived. Send the chunk again.',
      }
    }
    const expiresAt = await finish(receiving, upload, offset + length)
    return {
      status: 204,
      headers: { 'upload-offset': `${offset + length}`, 'upload-expires': expiresAt.toUTCString() },
    }
  } catch (error) {
    if (error instanceof TooMuch) return TOO_LARGE
    throw error
  } finally {
    displaced.removeEventListener('abort', leave)
    clearTimeout(timer)
    if (!lost.aborted) await releaseRoomAhead(receiving, id)
  }
}

/** The final size of the upload, null while it is open; the failure if the declared length is not acceptable. */
async function settled(
  { db }: Receiving,
  { id, byteSize, maxBytes }: Upload,
  { declared, offset }: Chunk,
): Promise<number | null | TusAnswer> {
  if (declared === null) return byteSize
  // tus 1.0: "Once it is set the length MUST NOT be changed." A client may repeat the same length.
  if (byteSize !== null && declared !== byteSize) {
    return { status: 400, message: `Upload-Length is already ${byteSize} and cannot become ${declared}.` }
  }
  if (declared < offset) {
    return { status: 400, message: `Upload-Length ${declared} is smaller than the current offset ${offset}.` }
  }
  if (byteSize !== null) return byteSize
  if (declared > maxBytes) return TOO_LARGE
  await settleSize(db, id, declared)
  return declared
}

/**
 * Writes a chunk. A chunk with a checksum counts only if the checksum matches; an interrupted chunk cannot be checked.
 */
async function append(
  receiving: Receiving,
  upload: Upload,
  request: IncomingMessage,
  { offset, limit, checksum, lost }: Chunk & { limit: number; lost: AbortSignal },
): Promise<number | 'MISMATCH'> {
  const { files, digests } = receiving
  const { id } = upload
  const room = roomOf(receiving, upload)
  const digest = digests.take(id, offset, await files.writtenAt(id))
  const hashes = digest ? [digest] : []
  const file = files.path(id)
  const append = async () => {
    if (!checksum) return appendDurably(request, file, offset, { limit, hashes, room, lost })
    const { hash, matches } = checksumMeter(checksum)
    await files.beginUnchecked(id, offset)
    try {
      const length = await appendDurably(request, file, offset, {
        limit,
        hashes: [...hashes, hash],
        room,
        lost,
      })
      lost.throwIfAborted()
      if (!matches()) return 'MISMATCH'
      await files.keepUnchecked(id)
      return length
    } finally {
      // Without the lock, the mark may be that of another process.
      if (!lost.aborted) await files.dropUnchecked(id)
    }
  }
  const length = await append()
  if (digest && length !== 'MISMATCH') digests.keep(id, offset + length, digest, await files.writtenAt(id))
  return length
}

// The bytes are safe even if this fails, so the client must not receive an error. If the database does not answer, the
// sweep finds the complete file.
async function finish(receiving: Receiving, before: Upload, end: number): Promise<Date> {
  const { db, log } = receiving
  const { id } = before
  try {
    const upload = await findUpload(db, id)
    if (upload?.byteSize === end && (await allReceived(receiving, id, end))) verifySoon(receiving, upload)
    return upload?.expiresAt ?? before.expiresAt
  } catch (error) {
    log.error({ err: error, uploadId: id }, 'upload completion not recorded')
    return before.expiresAt
  }
}
