import type { ServerResponse } from 'node:http'
import type { StoredFile } from '../objects/object-store.ts'
import type { ByteRange } from './byte-range.ts'

// Large enough that reading costs little beside sending: to 32 readers 1.1 of nginx's sendfile, with half of it 0.95.
const CHUNK_BYTES = 512 * 1024
// However slow they are, all readers together hold about so much: whoever comes gets a part of what is left of it, so
// that the first fifty or so have whole chunks and a thousand cost little more.
const HELD_BYTES = 32 * 1024 ** 2
const PARTS = 16
const LEAST_CHUNK_BYTES = 64 * 1024
// A reader that takes nothing for so long has gone.
const STALL_MS = 60_000
const MAX_SPARE_BUFFERS = 32

// With few readers nothing else is done while a chunk is read, so the next is read while one is sent: 1.0 of nginx's
// sendfile to a single reader instead of 0.8. With many they take turns, and a second chunk each would only cost memory.
const READ_AHEAD_READERS = 8

const spare: Buffer[] = []
let readers = 0
let held = 0

/**
 * Sends a part of a file as the body of a response, a chunk or two in memory at a time: more is read when the reader
 * has taken what was, so that a slow reader costs no more than a fast one.
 *
 * @param isAllowed asked before each chunk; the connection is cut where it answers no
 */
export async function sendBytes(
  response: ServerResponse,
  file: StoredFile,
  range: ByteRange,
  isAllowed: () => boolean,
): Promise<void> {
  if (file.stream) return passOn(response, file.stream.bind(file), range, isAllowed)
  const buffers = takeBuffers()
  const size = buffers.reduce((sum, { length }) => sum + length, 0)
  readers++
  held += size
  try {
    await sendChunks(response, file, range, buffers, isAllowed)
  } finally {
    readers--
    held -= size
    // The socket may still hold the buffer of a response that was cut.
    if (!response.destroyed) keepBuffers(buffers)
  }
}

function takeBuffers(): Buffer[] {
  const part = Math.floor((HELD_BYTES - held) / PARTS)
  if (part < CHUNK_BYTES) return [Buffer.allocUnsafeSlow(Math.max(LEAST_CHUNK_BYTES, part))]
  return Array.from(
    { length: readers < READ_AHEAD_READERS ? 2 : 1 },
    () => spare.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES),
  )
}

function keepBuffers(buffers: readonly Buffer[]): void {
  const whole = buffers.filter(({ length }) => length === CHUNK_BYTES)
  spare.push(...whole.slice(0, MAX_SPARE_BUFFERS - spare.length))
}

/** Sends chunk after chunk. With two buffers one is read into while the other is sent. */
async function sendChunks(
  response: ServerResponse,
  file: StoredFile,
  { first, last }: ByteRange,
  buffers: readonly Buffer[],
  isAllowed: () => boolean,
): Promise<void> {
  let settle: (isTaken: boolean) => void = () => {}
  response.once('close', () => settle(false))
  response.setTimeout(STALL_MS, () => response.destroy())
  const take = (chunk: Buffer) =>
    new Promise<boolean>((resolve) => {
      settle = resolve
      response.write(chunk, (error) => resolve(!error))
    })
  let turn = 0
  const readFrom = async (position: number): Promise<Buffer> => {
    const buffer = buffers[turn++ % buffers.length] ?? Buffer.alloc(0)
    const wanted = Math.min(buffer.length, last - position + 1)
    return buffer.subarray(0, await file.read(buffer.subarray(0, wanted), position))
  }

  let position = first
  let reading = readFrom(position)
  try {
    for (;;) {
      const chunk = await reading
      // Shorter than it was when it was opened: the promised length can't be kept.
      if (chunk.length === 0 || !isAllowed()) return void response.destroy()
      position += chunk.length
      if (position > last) break
      if (buffers.length > 1) {
        reading = readFrom(position)
        // Whoever waits for it hears of a failure; until then it is not unhandled.
        reading.catch(() => {})
      }
      if (!(await take(chunk))) return
      if (buffers.length === 1) reading = readFrom(position)
    }
    const chunk = await reading
    if (await take(chunk)) response.end()
  } finally {
    // The file may be closed as soon as this is over.
    await reading.catch(() => {})
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
