import { createWriteStream } from 'node:fs'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { syncFile } from '../objects/sync.ts'
import { allReceived, extended, type Receiving } from './receiving.ts'
import { markReceiving } from './upload-store.ts'

class TooMuch extends Error {}

/**
 * Receives all bytes of an upload in one stream, in place of whatever has arrived before.
 *
 * @param limit in bytes
 * @param open begins to read; called when it is sure that bytes are taken
 * @returns `ENDED` where the upload takes no more bytes, `TOO_LARGE` as soon as more come than the limit; the upload
 *   then stays open and empty
 */
export function receiveWhole(
  receiving: Receiving,
  id: string,
  limit: number,
  open: () => Readable,
): Promise<'RECEIVED' | 'ENDED' | 'TOO_LARGE'> {
  const { db, files, locks } = receiving
  return locks.hold(id, async () => {
    if (!(await markReceiving(db, id, extended(receiving)))) return 'ENDED'
    await files.ensure(id)
    await files.empty(id)
    const bytes = open()
    try {
      await pipeline(bytes, atMost(limit), createWriteStream(files.path(id), { flags: 'r+' }))
      // graphql-upload-minimal ends a stream at its own limit as if that were the end of the file.
      if ('truncated' in bytes && bytes.truncated) throw new TooMuch()
    } catch (error) {
      await files.empty(id)
      if (error instanceof TooMuch) return 'TOO_LARGE'
      throw error
    }
    await syncFile(files.path(id))
    return (await allReceived(receiving, id, (await files.size(id)) ?? 0)) ? 'RECEIVED' : 'ENDED'
  })
}

function atMost(limit: number): Transform {
  let size = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length
      if (size > limit) done(new TooMuch())
      else done(null, chunk)
    },
  })
}
