import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const compressors = {
  // 5 of 11: the best that still takes less than a millisecond for a page.
  br: (body: string) => promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (body: string) => promisify(gzip)(body),
}

/** Sends a body as small as the client understands it; to HEAD, its headers alone. */
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
    vary: 'accept-encoding, accept-language, authorization',
    'content-length': bytes.length,
    ...(coding && { 'content-encoding': coding }),
  })
  response.end(request.method === 'HEAD' ? undefined : bytes)
}

/** The best coding that is accepted (RFC 9110 §12.5.3): `q=0` refuses one. */
function chooseCoding(header: string): 'br' | 'gzip' | null {
  const accepted = header
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => !/;\s*q=0(\.0*)?$/.test(part))
    .map((part) => part.split(';')[0])
  if (accepted.includes('br')) return 'br'
  return accepted.includes('gzip') ? 'gzip' : null
}
