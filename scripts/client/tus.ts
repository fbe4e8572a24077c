import { type ClientRequest, type IncomingHttpHeaders, request } from 'node:http'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** The address to which an upload's bytes are sent, and the upload key. */
export type TusTarget = { tusUrl: string; key: string }

/** An HTTP response whose body has been read. */
export type TusResponse = { status: number; headers: IncomingHttpHeaders; body: string }

// tus 1.0.0, core protocol: https://tus.io/protocols/resumable-upload
const VERSION = { 'tus-resumable': '1.0.0' }

/** Asks how many bytes have arrived (HEAD). `offset` is NaN if the response has none. */
export async function tusHead({ tusUrl, key }: TusTarget): Promise<{ status: number; offset: number }> {
  const response = await fetch(tusUrl, {
    method: 'HEAD',
    headers: { ...VERSION, authorization: `Bearer ${key}` },
  })
  return { status: response.status, offset: Number(response.headers.get('upload-offset') ?? Number.NaN) }
}

/** Sends bytes for an offset (PATCH). */
export async function tusPatch(
  target: TusTarget,
  offset: number,
  bytes: Uint8Array,
  headers: Record<string, string> = {},
): Promise<TusResponse> {
  const { call, response } = openPatch(target, offset, { 'content-length': bytes.length, ...headers })
  call.end(bytes)
  return response
}

/** Sends a stream of a known length. Rejects if the connection breaks before the response. */
export async function tusPatchStream(
  target: TusTarget,
  offset: number,
  stream: Readable,
  length: number,
): Promise<TusResponse> {
  const { call, response } = openPatch(target, offset, { 'content-length': length })
  // An error response arrives while bytes are still being sent. Then the response counts, not the broken stream.
  const [answer] = await Promise.all([response, pipeline(stream, call).catch(() => {})])
  return answer
}

/** Cancels an upload (DELETE). */
export async function tusDelete({ tusUrl, key }: TusTarget): Promise<number> {
  const headers = { ...VERSION, authorization: `Bearer ${key}` }
  return (await fetch(tusUrl, { method: 'DELETE', headers })).status
}

function openPatch(
  { tusUrl, key }: TusTarget,
  offset: number,
  headers: Record<string, string | number>,
): { call: ClientRequest; response: Promise<TusResponse> } {
  const call = request(tusUrl, {
    method: 'PATCH',
    agent: false,
    headers: {
      ...VERSION,
      authorization: `Bearer ${key}`,
      'content-type': 'application/offset+octet-stream',
      'upload-offset': offset,
      ...headers,
    },
  })
  const response = new Promise<TusResponse>((resolve, reject) => {
    call.once('error', reject)
    call.once('response', (message) => {
      let body = ''
      message.setEncoding('utf8')
      message.on('data', (chunk) => {
        body += chunk
      })
      message.once('error', reject)
      message.once('end', () => resolve({ status: message.statusCode ?? 0, headers: message.headers, body }))
    })
  })
  return { call, response }
}
