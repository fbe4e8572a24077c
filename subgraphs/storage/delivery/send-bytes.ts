import type { ServerResponse } from 'node:http'
import type { StoredFile } from '../objects/object-store.ts'
import type { ByteRange } from './byte-range.ts'

// Large enough that reading costs little compared with sending. With 32 readers the throughput is 1.1 times that of
// nginx's sendfile; with half the chunk size it is 0.95 times.
const CHUNK_BYTES = 512 * 1024
// All readers together hold about this many bytes, also if they are slow. Each new reader gets a part of the rest:
// about the first fifty get whole chunks, and a thousand readers cost little more.
const HELD_BYTES = 32 * 1024 ** 2
const PARTS = 16
const MIN_CHUNK_BYTES = 64 * 1024
// A reader that takes nothing for this long is treated as disconnected.
const STALL_MS = 60_000
const MAX_SPARE_BUFFERS = 32

// With few readers the process is idle while a chunk is read, so it reads the next chunk while it sends one. A single
// reader then gets 1.0 times the throughput of nginx's sendfile instead of 0.8 times. Many readers alternate anyway,
// and a second chunk for each would only cost memory.
const READ_AHEAD_READERS = 8

const spare: Buffer[] = []
let readers = 0
let held = 0

/**
 * Sends a part of a file as the body of a response, with one or two chunks in memory at a time. It reads more only when
 * the reader has taken the previous chunk, so a slow reader costs no more than a fast one.
 *
 * @param isAllowed called before each chunk; the connection is cut if it returns false
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
    // The socket may still use the buffer of a response that was cut.
    if (!response.destroyed) keepBuffers(buffers)
  }
}

function takeBuffers(): Buffer[] {
  const part = Math.floor((HELD_BYTES - held) / PARTS)
  if (part < CHUNK_BYTES) return [Buffer.allocUnsafeSlow(Math.max(MIN_CHUNK_BYTES, part))]
  return Array.from(
    { length: readers < READ_AHEAD_READERS ? 2 : 1 },
    () => spare.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES),
  )
}

function keepBuffers(buffers: readonly Buffer[]): void {
  const fullSized = buffers.filter(({ length }) => length === CHUNK_BYTES)
  spare.push(...fullSized.slice(0, MAX_SPARE_BUFFERS - spare.length))
}

/** Sends chunk after chunk. With two buffers, it reads into one while it sends the other. */
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
      // The file is shorter than when it was opened, so the promised length cannot be kept.
      if (chunk.length === 0 || !isAllowed()) return void response.destroy()
      position += chunk.length
      if (position > last) break
      if (buffers.length > 1) {
        reading = readFrom(position)
        // Avoids an unhandled rejection; the next await rethrows.
        reading.catch(() => {})
      }
      if (!(await take(chunk))) return
      if (buffers.length === 1) reading = readFrom(position)
    }
    const chunk = await reading
    if (await take(chunk)) response.end()
  } finally {
    // The caller may close the file as soon as this function returns.
    await reading.catch(() => {})
  }
}

/** Passes on the bytes of another server, as fast as the reader takes them. */
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
