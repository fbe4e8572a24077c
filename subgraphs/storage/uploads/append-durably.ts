import type { Hash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { collectYoung } from '../../../platform/collect-young.ts'

// Measured at 1 GiB in one request: 79 MiB more memory without, 55 every 16 MiB, 34 every 4 MiB.
const COLLECT_BYTES = 4 * 1024 ** 2

/** More bytes came than were allowed. */
export class TooMuch extends Error {}

/** What else is to be done with bytes that are written. */
export type Appending = {
  /** How many bytes may come; any number where it is not set. */
  limit?: number
  /** Takes in what is written. */
  hash?: Hash | undefined
}

/**
 * Writes a stream into an existing file from a position on.
 *
 * @returns how many bytes were written, once they are on disk; what had come before an error stays
 * @throws TooMuch as soon as more come than the limit
 */
export async function appendDurably(
  bytes: Readable,
  file: string,
  position: number,
  { limit = Number.POSITIVE_INFINITY, hash }: Appending = {},
): Promise<number> {
  let written = 0
  let uncollected = 0
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      written += chunk.length
      uncollected += chunk.length
      if (uncollected > COLLECT_BYTES) {
        uncollected = 0
        collectYoung()
      }
      if (written > limit) return done(new TooMuch())
      hash?.update(chunk)
      done(null, chunk)
    },
  })
  // `flush` is fsync before closing.
  await pipeline(bytes, count, createWriteStream(file, { flags: 'r+', start: position, flush: true }))
  return written
}
