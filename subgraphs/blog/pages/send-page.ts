import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const VARY = 'accept, accept-encoding, accept-language, authorization'

const compressors = {
  // 5 of 11: the best quality that takes less than a millisecond for a page.
  br: (body: string) => promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (body: string) => promisify(gzip)(body),
}

/** Sends a body with the best compression that the client accepts. A HEAD request gets only the headers. */
export async function sendCompressed(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const coding = chooseCoding(String(request.headers['accept-encoding'] ?? ''))
  const bytes = coding ? await compressors[coding](body) : Buffer.from(body)
  response.writeHead(status, {
    ...headers,
    vary: VARY,
    'content-length': bytes.length,
    ...(coding && { 'content-encoding': coding }),
  })
  response.end(request.method === 'HEAD' ? undefined : bytes)
}

/**
 * Sends a public page. Caches may store it but must revalidate it each time, so that content that is no longer public
 * disappears everywhere. A client that already has the current version gets 304 (RFC 9110 §13.1.2).
 */
export async function sendPublic(
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  // Weak, because the content is the same in every encoding.
  const etag = `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`
  const validated = { ...headers, 'cache-control': 'public, no-cache', etag }
  if (!isKnown(request.headers['if-none-match'], etag)) {
    return sendCompressed(request, response, 200, body, validated)
  }
  response.writeHead(304, { ...validated, vary: VARY })
  response.end()
}

function isKnown(header: string | undefined, etag: string): boolean {
  const weak = (tag: string) => tag.trim().replace(/^W\//, '')
  return header?.split(',').some((tag) => tag.trim() === '*' || weak(tag) === weak(etag)) ?? false
}

/** The best encoding that the client accepts (RFC 9110 §12.5.3); `q=0` refuses one. Null for no encoding. */
function chooseCoding(header: string): 'br' | 'gzip' | null {
  const accepted = header
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => !/;\s*q=0(\.0*)?$/.test(part))
    .map((part) => part.split(';')[0])
  if (accepted.includes('br')) return 'br'
  return accepted.includes('gzip') ? 'gzip' : null
}
