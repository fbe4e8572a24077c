import type { ServerResponse } from 'node:http'
import type { StoredFile } from '../objects/object-store.ts'
import type { ByteRange } from './byte-range.ts'

// Large enough that reading costs little beside sending, small enough that a thousand readers cost little memory.
const CHUNK_BYTES = 256 * 1024
// A reader that takes nothing for so long has gone.
const STALL_MS = 60_000
const MAX_SPARE_BUFFERS = 64

const spare: Buffer[] = []

/**
 * Sends a part of a file as the body of a response, one chunk in memory at a time: the next is read when the reader
 * has taken the one before, so that a slow reader costs no more than a fast one.
 *
 * @param isAllowed asked before each chunk; the connection is cut where it answers no
 */
export async function sendBytes(
  response: ServerResponse,
  file: StoredFile,
  { first, last }: ByteRange,
  isAllowed: () => boolean,
): Promise<void> {
  if (file.stream) return passOn(response, file.stream.bind(file), { first, last }, isAllowed)
  const buffer = spare.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES)
  let settle: (isTaken: boolean) => void = () => {}
  response.once('close', () => settle(false))
  response.setTimeout(STALL_MS, () => response.destroy())
  try {
    for (let position = first; position <= last; ) {
      if (!isAllowed()) return void response.destroy()
      const wanted = Math.min(CHUNK_BYTES, last - position + 1)
      const length = await file.read(buffer.subarray(0, wanted), position)
      // Shorter than it was when it was opened: the promised length can't be kept.
      if (length === 0) return void response.destroy()
      const isTaken = await new Promise<boolean>((resolve) => {
        settle = resolve
        response.write(buffer.subarray(0, length), (error) => resolve(!error))
      })
      if (!isTaken) return
      position += length
    }
    response.end()
  } finally {
    // The socket may still hold the buffer of a response that was cut.
    if (!response.destroyed && spare.length < MAX_SPARE_BUFFERS) spare.push(buffer)
  }
}

/** Sends what another server sends, as fast as the reader takes it. */
async function passOn(
  response: ServerResponse,
  open: NonNullable<StoredFile['stream']>,
  { first, last }: ByteRange,
  isAllowed: () => boolean,
): Promise<void> {
  const gone = new AbortController()
  let settle: (isTaken: boolean) => void = () => {}
  response.once('close', () => {
    gone.abort()
    settle(false)
  })
  response.setTimeout(STALL_MS, () => response.destroy())
  try {
    for await (const chunk of open(first, last, gone.signal)) {
      if (!isAllowed()) return void response.destroy()
      const isTaken = await new Promise<boolean>((resolve) => {
        settle = resolve
        response.write(chunk, (error) => resolve(!error))
      })
      if (!isTaken) return
    }
    response.end()
  } catch (error) {
    response.destroy()
    if (!gone.signal.aborted) throw error
  }
}
