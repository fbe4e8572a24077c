import type { Readable } from 'node:stream'
import { isDiskFull } from '../capacity/disk-full.ts'
import { appendDurably, TooMuch } from './append-durably.ts'
import { allReceived, extended, type Receiving } from './receiving.ts'
import { markReceiving } from './upload-store.ts'

/**
 * Receives all bytes of an upload in one stream, in place of whatever has arrived before.
 *
 * @param limit in bytes
 * @param open begins to read; called when it is sure that bytes are taken
 * @returns `ENDED` where the upload takes no more bytes, `TOO_LARGE` as soon as more come than the limit, `DISK_FULL`
 *   where they could not be written; after these two the upload stays open and empty
 */
export function receiveWhole(
  receiving: Receiving,
  id: string,
  limit: number,
  open: () => Readable,
): Promise<'RECEIVED' | 'ENDED' | 'TOO_LARGE' | 'DISK_FULL'> {
  const { db, files, locks, digests } = receiving
  return locks.hold(id, async () => {
    if (!(await markReceiving(db, id, extended(receiving)))) return 'ENDED'
    await files.prepare(id)
    await files.empty(id)
    const bytes = open()
    let received: number
    try {
      const digest = digests.take(id, 0)
      received = await appendDurably(bytes, files.path(id), 0, { limit, hashes: digest ? [digest] : [] })
      // graphql-upload-minimal ends a stream at its own limit as if that were the end of the file.
      if ('truncated' in bytes && bytes.truncated) throw new TooMuch()
      if (digest) digests.keep(id, received, digest)
    } catch (error) {
      bytes.destroy()
      await files.empty(id)
      if (error instanceof TooMuch) return 'TOO_LARGE'
      if (isDiskFull(error)) return 'DISK_FULL'
      throw error
    }
    return (await allReceived(receiving, id, received)) ? 'RECEIVED' : 'ENDED'
  })
}
