import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip, zstdCompress } from 'node:zlib'
import { encodeText } from '../encode-text.ts'
import { readPreferences } from './preferences.ts'

type ContentCoding = 'zstd' | 'br' | 'gzip'

// The first one is used if the client has no preference. At these levels zstd is the fastest, and all three make JSON
// about equally small.
const CODINGS: readonly ContentCoding[] = ['zstd', 'br', 'gzip']

// A smaller answer fits into one or two network packets in any case.
const LEAST_BYTES = 1_024

// These functions work in the thread pool of libuv, so a large answer does not block the event loop.
const gzipBytes = promisify<Buffer, object, Buffer>(gzip)
const brotliBytes = promisify<Buffer, object, Buffer>(brotliCompress)
const zstdBytes = promisify<Buffer, object, Buffer>(zstdCompress)

const COMPRESS: Record<ContentCoding, (bytes: Buffer) => Promise<Buffer>> = {
  gzip: (bytes) => gzipBytes(bytes, { level: 5 }),
  // The default quality of brotli, 11, takes a hundred times as long.
  br: (bytes) =>
    brotliBytes(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 4,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  zstd: (bytes) => zstdBytes(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 3 } }),
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
  const bytes = await encodeText(text)
  const coding =
    bytes.length < LEAST_BYTES ? null : preferredCoding(request.headers['accept-encoding'], CODINGS)
  if (coding === null) {
    response.writeHead(status, { ...headers, 'content-length': bytes.length })
    response.end(bytes)
    return
  }
  const compressed = await COMPRESS[coding](bytes)
  response.writeHead(status, {
    ...headers,
    'content-encoding': coding,
    'content-length': compressed.length,
  })
  response.end(compressed)
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
