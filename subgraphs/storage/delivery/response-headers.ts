import type { IncomingMessage, ServerResponse } from 'node:http'
import { allowsRange, type ByteRange, matchesAny, readRange } from './byte-range.ts'
import { contentDisposition } from './content-disposition.ts'
import type { Variant } from './variants.ts'

/** The methods that media addresses accept. */
export const METHODS = 'GET, HEAD, OPTIONS'

/** Sets the headers of every answer: CORS, and headers that prevent shared caching, referrers and content sniffing. */
export function setCommonHeaders(response: ServerResponse): void {
  const headers = {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': METHODS,
    'access-control-allow-headers': 'Authorization, Range, If-Range, If-None-Match',
    'access-control-expose-headers':
      'Accept-Ranges, Content-Length, Content-Range, Content-Disposition, ETag, Retry-After',
    'access-control-max-age': '86400',
    'cross-origin-resource-policy': 'cross-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'private',
  }
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
}

/**
 * Bounds how long a cache may reuse an answer by the time that is left of its token: what was shown for a limited time is
 * not kept for longer, and at an address without a token the next user of a device does not get it from the cache.
 */
export function boundMaxAge(cacheControl: string, secondsLeft: number): string {
  const left = Math.max(0, Math.floor(secondsLeft))
  return cacheControl.replace(/max-age=(\d+)/, (_, seconds) => `max-age=${Math.min(Number(seconds), left)}`)
}

type Sent = Pick<Variant, 'mimeType' | 'etag' | 'cacheControl'> & {
  size: number
  title: string
  isDownload: boolean
}

/**
 * Writes the status and headers of an existing variant. Returns the range of bytes to send, null if there is no body.
 */
export function writeHeaders(
  { method, headers }: IncomingMessage,
  response: ServerResponse,
  { size, etag, mimeType, cacheControl, title, isDownload }: Sent,
): ByteRange | null {
  response.setHeader('etag', etag)
  response.setHeader('cache-control', cacheControl)
  response.setHeader('accept-ranges', 'bytes')
  if (matchesAny(headers['if-none-match'], etag)) {
    response.writeHead(304)
    return null
  }
  const ifRange = headers['if-range']
  // RFC 9110 §14.2: "A server MUST ignore a Range header field received with a request method that is unrecognized or
  // for which range handling is not defined". It is defined for GET only.
  const isRanged = method === 'GET' && allowsRange(typeof ifRange === 'string' ? ifRange : undefined, etag)
  const range = isRanged ? readRange(headers.range, size) : null
  if (range === 'UNSATISFIABLE') {
    // RFC 9110 §15.5.17: the answer states the length of the file.
    response.writeHead(416, { 'content-range': `bytes */${size}`, 'content-length': 0 })
    return null
  }
  response.setHeader('content-type', mimeType)
  response.setHeader('content-disposition', contentDisposition({ title, mimeType }, isDownload))
  if (!range) {
    response.writeHead(200, { 'content-length': size })
    return { first: 0, last: size - 1 }
  }
  const { first, last } = range
  response.writeHead(206, {
    'content-range': `bytes ${first}-${last}/${size}`,
    'content-length': last - first + 1,
  })
  return range
}
