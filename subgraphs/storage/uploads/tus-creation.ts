import type { IncomingMessage, ServerResponse } from 'node:http'
import { bearerToken } from '../../../platform/http/respond.ts'
import type { Receiving } from './receiving.ts'
import { hasArrived, isReceiving, type Upload } from './upload.ts'
import type { UploadAddresses } from './upload-addresses.ts'
import { type KeyCheck, uploadOfKey } from './upload-key.ts'
import { findUpload, settleSize } from './upload-store.ts'

/** The dependencies of creating uploads. */
export type Creating = { receiving: Receiving; keys: KeyCheck; addresses: UploadAddresses }

type Refusal = { status: number; message: string }

/**
 * Answers the POST of a client that insists on creating its upload itself (tus 1.0, creation extension). The handshake
 * has already created the resource. The key identifies it, and the answer contains its address. A repeated request gets
 * the same answer.
 *
 * @returns the reason if the request is refused
 */
export async function createUpload(
  { receiving, keys, addresses }: Creating,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Refusal | null> {
  const upload = await uploadOfKey(keys, bearerToken(request), null)
  if (typeof upload === 'string')
    return {
      status: 401,
      message: 'The upload key is missing or not valid. Get a new one with renewUploadKey.',
    }
  if (!isReceiving(upload, receiving.clock()) && !hasArrived(upload)) {
    return { status: 410, message: 'The upload has ended. Request a new one with requestUpload.' }
  }
  const refusal = await agreeOnLength(receiving, upload, request)
  if (refusal) return refusal
  const offset = hasArrived(upload) ? upload.receivedBytes : ((await receiving.files.size(upload.id)) ?? 0)
  response.writeHead(201, {
    'tus-resumable': '1.0.0',
    'cache-control': 'no-store',
    location: addresses(upload.id).tusUrl,
    'upload-offset': `${offset}`,
    'upload-expires': upload.expiresAt.toUTCString(),
    'content-length': 0,
  })
  response.end()
  return null
}

async function agreeOnLength(
  { db }: Receiving,
  upload: Upload,
  { headers }: IncomingMessage,
): Promise<Refusal | null> {
  const length = headers['upload-length']
  const deferral = headers['upload-defer-length']
  const isDeferred = deferral === '1'
  // tus 1.0: "The request MUST include one of the following headers".
  if (
    (deferral ?? '1') !== '1' ||
    isDeferred === (length !== undefined) ||
    !/^\d{1,15}$/.test(String(length ?? 0))
  ) {
    return { status: 400, message: 'Send either Upload-Length or Upload-Defer-Length: 1.' }
  }
  if (isDeferred) {
    if (upload.byteSize === null) return null
    return {
      status: 400,
      message: `The upload handshake announced ${upload.byteSize} bytes. Send Upload-Length instead of Upload-Defer-Length.`,
    }
  }
  const size = Number(length)
  if (size > upload.maxBytes) {
    return {
      status: 413,
      message: `Upload-Length is ${size}; the upload accepts at most ${upload.maxBytes} bytes.`,
    }
  }
  if (upload.byteSize === null) await settleSize(db, upload.id, size)
  const announced = upload.byteSize ?? (await findUpload(db, upload.id))?.byteSize
  if (announced === size) return null
  return {
    status: 400,
    message: `Upload-Length ${size} differs from the size that the upload handshake announced.`,
  }
}
