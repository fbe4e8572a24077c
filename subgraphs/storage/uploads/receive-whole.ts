import type { Readable } from 'node:stream'
import { isDiskFull } from '../capacity/disk-full.ts'
import { appendDurably, TooMuch } from './append-durably.ts'
import { UploadEnded } from './hold-room.ts'
import { allReceived, type Receiving, releaseRoomAhead, roomOf } from './receiving.ts'
import { isReceiving } from './upload.ts'
import { findUpload } from './upload-store.ts'

/**
 * Receives all bytes of an upload in one stream, and replaces bytes that arrived before. When another request wants the
 * upload, the stream is given up, because it may have stalled.
 *
 * @param limit in bytes
 * @param open starts reading; called once it is certain that bytes are accepted
 * @returns `ENDED` if the upload accepts no more bytes, `TOO_LARGE` as soon as more bytes arrive than the limit,
 *   `CUT_OFF` if the stream broke off, `DISK_FULL` if bytes could not be written; after the last three the upload stays
 *   open and empty
 */
export function receiveWhole(
  receiving: Receiving,
  id: string,
  limit: number,
  open: () => Readable,
): Promise<'RECEIVED' | 'ENDED' | 'TOO_LARGE' | 'CUT_OFF' | 'DISK_FULL'> {
  const { db, files, locks, digests, clock } = receiving
  return locks.hold(id, async (displaced, lost) => {
    const upload = await findUpload(db, id)
    if (!upload || !isReceiving(upload, clock())) return 'ENDED'
    await files.prepare(id)
    await files.empty(id)
    const bytes = opened(open)
    if (!bytes) return 'CUT_OFF'
    const giveUp = () => bytes.destroy()
    displaced.addEventListener('abort', giveUp, { once: true })
    let received: number
    try {
      if (displaced.aborted) giveUp()
      const digest = digests.take(id, 0)
      received = await appendDurably(bytes, files.path(id), 0, {
        limit,
        hashes: digest ? [digest] : [],
        room: roomOf(receiving, upload),
        lost,
      })
      // graphql-upload-minimal ends a stream at its limit as if that were the end of the file.
      if ('truncated' in bytes && bytes.truncated) throw new TooMuch()
      lost.throwIfAborted()
      if (digest) digests.keep(id, received, digest, await files.writtenAt(id))
    } catch (error) {
      const isCutOff = bytes.errored !== null || (bytes.destroyed && !bytes.readableEnded)
      bytes.destroy()
      // Without the lock, the file may be that of another request.
      if (lost.aborted) return 'CUT_OFF'
      await files.empty(id)
      await releaseRoomAhead(receiving, id)
      if (error instanceof UploadEnded) return 'ENDED'
      if (error instanceof TooMuch) return 'TOO_LARGE'
      if (isDiskFull(error)) return 'DISK_FULL'
      if (isCutOff) return 'CUT_OFF'
      throw error
    } finally {
      displaced.removeEventListener('abort', giveUp)
    }
    return (await allReceived(receiving, id, received)) ? 'RECEIVED' : 'ENDED'
  })
}

// graphql-upload-minimal throws if the request has already broken off, or if the same file is read twice.
function opened(open: () => Readable): Readable | null {
  try {
    return open()
  } catch {
    return null
  }
}
