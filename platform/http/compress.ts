import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import {
  type BrotliOptions,
  brotliCompress,
  constants,
  createBrotliCompress,
  createGzip,
  createZstdCompress,
  gzip,
  type ZlibOptions,
  type ZstdOptions,
  zstdCompress,
} from 'node:zlib'
import { encodeInParts } from '../encode-text.ts'
import { readPreferences } from './preferences.ts'

type ContentCoding = 'zstd' | 'br' | 'gzip'

// The first one is used if the client has no preference. At these levels zstd is the fastest, and all three make JSON
// about equally small.
const CODINGS: readonly ContentCoding[] = ['zstd', 'br', 'gzip']

// A smaller answer fits into one or two network packets in any case.
const LEAST_BYTES = 1_024

// Longer texts are encoded in parts, which keeps each step short. Below it, parts cost more than they save.
const LEAST_LETTERS_IN_PARTS = 128 * 1024

const GZIP: ZlibOptions = { level: 5 }
// The default quality, 11, takes a hundred times as long.
const BROTLI: BrotliOptions = {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 4,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
  },
}
const ZSTD: ZstdOptions = { params: { [constants.ZSTD_c_compressionLevel]: 3 } }

// All of these work in the thread pool of libuv, so they do not block the event loop.
const gzipBytes = promisify<Buffer, object, Buffer>(gzip)
const brotliBytes = promisify<Buffer, object, Buffer>(brotliCompress)
const zstdBytes = promisify<Buffer, object, Buffer>(zstdCompress)

const COMPRESS: Record<ContentCoding, (bytes: Buffer) => Promise<Buffer>> = {
  gzip: (bytes) => gzipBytes(bytes, GZIP),
  br: (bytes) => brotliBytes(bytes, BROTLI),
  zstd: (bytes) => zstdBytes(bytes, ZSTD),
}

// Each step occupies a thread of the pool for a moment, so there should be few.
const CHUNK = { chunkSize: 64 * 1024 }

const COMPRESSOR: Record<ContentCoding, () => Transform> = {
  gzip: () => createGzip({ ...GZIP, ...CHUNK }),
  br: () => createBrotliCompress({ ...BROTLI, ...CHUNK }),
  zstd: () => createZstdCompress({ ...ZSTD, ...CHUNK }),
}

/**
 * Sends a complete text, compressed if it is worth it and the client accepts it (RFC 9110 §12.5.3).
 *
 * Use it only for answers to clients that authenticate with a header. A cookie would make answers open to BREACH
 * (https://breachattack.com): another site's page makes the victim's browser send thousands of requests that contain
 * guesses, and sees from the compressed size which guess equals a secret in the answer. No other site's page can set our
 * `Authorization` header, so its requests get the answers of a client that is signed out, which hold no secret.
 */
export async function sendText(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  addVary(response, 'accept-encoding')
  const isLong = text.length >= LEAST_LETTERS_IN_PARTS
  const bytes = isLong ? null : Buffer.from(text)
  const isWorthIt = !bytes || bytes.length >= LEAST_BYTES
  const coding = isWorthIt ? preferredCoding(request.headers['accept-encoding'], CODINGS) : null
  // All of it, because a client that reads slowly would keep the text in memory, which is much larger.
  const parts = bytes
    ? [coding ? await COMPRESS[coding](bytes) : bytes]
    : await partsOf(text, coding && COMPRESSOR[coding]())
  response.writeHead(status, {
    ...headers,
    ...(coding && { 'content-encoding': coding }),
    'content-length': parts.reduce((sum, { length }) => sum + length, 0),
  })
  for (const part of parts) response.write(part)
  response.end()
}

async function partsOf(text: string, compressor: Transform | null): Promise<Buffer[]> {
  const parts: Buffer[] = []
  const keep = async (source: AsyncIterable<Buffer>) => {
    for await (const part of source) parts.push(part)
  }
  if (compressor) await pipeline(encodeInParts(text), compressor, keep)
  else await keep(encodeInParts(text))
  return parts
}

/**
 * Chooses the content coding; null if the answer is sent as it is.
 *
 * @param header the request's `Accept-Encoding`
 * @param codings the codings that the answer exists in, best first
 */
export function preferredCoding<Coding extends string>(
  header: string | string[] | undefined,
  codings: readonly Coding[],
): Coding | null {
  const preferences = readPreferences(String(header ?? ''))
  const qualityOf = (coding: string) => preferences.find(({ value }) => value === coding)?.quality
  const others = qualityOf('*')
  const rated = codings.map((coding) => ({ coding, quality: qualityOf(coding) ?? others ?? 0 }))
  const [first, ...further] = rated
  if (!first) return null
  const best = further.reduce((one, other) => (other.quality > one.quality ? other : one), first)
  // A client that names `identity` prefers it only if it gives it a higher quality.
  const uncompressed = qualityOf('identity') ?? 0
  return best.quality > 0 && best.quality >= uncompressed ? best.coding : null
}

/** Adds the name of a request header on which the answer depends, so that caches keep the answers apart. */
export function addVary(response: ServerResponse, name: string): void {
  const given = response.getHeader('vary')
  const names = given === undefined ? [] : String(given).split(/\s*,\s*/)
  if (!names.includes(name)) response.setHeader('vary', [...names, name].join(', '))
}
