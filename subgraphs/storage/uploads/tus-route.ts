import type { IncomingMessage, ServerResponse } from 'node:http'
import { bearerToken } from '../../../platform/http/respond.ts'
import type { Route } from '../../../platform/http/routes.ts'
import { isId } from '../../../platform/ids.ts'
import { CHECKSUM_ALGORITHMS } from './chunk-checksum.ts'
import { allowCrossOrigin } from './cross-origin.ts'
import { giveUp, type Receiving } from './receiving.ts'
import { sendTusAnswer, type TusAnswer } from './tus-answer.ts'
import { type Creating, createUpload } from './tus-creation.ts'
import { methodOf, UPLOAD_METHODS } from './tus-method.ts'
import { receiveChunk } from './tus-patch.ts'
import { hasArrived, isReceiving, type Upload } from './upload.ts'
import type { UploadAddresses } from './upload-addresses.ts'
import { type KeyCheck, uploadOfKey } from './upload-key.ts'
import { findUpload } from './upload-store.ts'

const PREFIX = '/uploads/'
const IDLE_MS = 120_000

/**
 * Resumable uploads (tus 1.0) at `/uploads/<uploadId>`. The handshake creates the resource; a POST to `/uploads` only
 * returns its address. There is no GET: uploaded files are fetched with a media token.
 *
 * @param maxBytes the largest upload of any kind
 */
export function tusRoutes(
  receiving: Receiving,
  keys: KeyCheck,
  addresses: UploadAddresses,
  maxBytes: number,
): Route[] {
  const creating = { receiving, keys, addresses, maxBytes }
  const resources: Route = {
    path: PREFIX,
    async handle(request, response, url) {
      const id = url.pathname.slice(PREFIX.length)
      if (id === '') return create(creating, request, response)
      allowCrossOrigin(response, [...UPLOAD_METHODS, 'POST'].join(', '))
      const method = methodOf(request)
      if (method === 'OPTIONS') return answerOptions(response, maxBytes)
      if (!isId(id))
        return refuse(response, 404, 'The address contains no upload id. Use the tusUrl from requestUpload.')
      if (!UPLOAD_METHODS.includes(method)) {
        response.setHeader('allow', UPLOAD_METHODS.join(', '))
        return refuse(
          response,
          405,
          'Only HEAD, PATCH, DELETE and OPTIONS are allowed at the address of an upload.',
        )
      }
      if (!speaksTus(request)) return refuseVersion(response)
      // A key that is invalid, expired, replaced or meant for another upload gets the same answer, so that guessing
      // keys reveals nothing.
      const upload = await uploadOfKey(keys, bearerToken(request), id)
      if (typeof upload === 'string') {
        response.setHeader('www-authenticate', 'Bearer')
        return refuse(
          response,
          401,
          'The upload key is not valid for this upload, or not valid any more. The owner gets a new one with renewUploadKey.',
        )
      }
      if (!isReceiving(upload, receiving.clock())) return sendTusAnswer(response, ended(upload, method))
      if (method === 'DELETE') return sendTusAnswer(response, await cancel(receiving, id))
      if (method === 'HEAD') return sendTusAnswer(response, await currentOffset(receiving, id))
      cutWhenIdle(request, response)
      const answer = await receiveChunk(receiving, id, request)
      if (answer) sendTusAnswer(response, answer)
      else response.destroy()
    },
  }
  const creation: Route = {
    path: PREFIX.slice(0, -1),
    handle: (request, response) => create(creating, request, response),
  }
  return [creation, resources]
}

async function create(
  { maxBytes, ...creating }: Creating & { maxBytes: number },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  allowCrossOrigin(response, 'POST, OPTIONS')
  if (request.method === 'OPTIONS') return answerOptions(response, maxBytes)
  if (request.method !== 'POST') {
    response.setHeader('allow', 'POST, OPTIONS')
    return refuse(response, 405, 'Only POST and OPTIONS are allowed here.')
  }
  if (!speaksTus(request)) return refuseVersion(response)
  const refusal = await createUpload(creating, request, response)
  if (refusal) refuse(response, refusal.status, refusal.message)
}

// tus 1.0: "The Tus-Resumable header MUST be included in every request"; a request of another version "MUST NOT" be
// processed, for any method.
function speaksTus({ headers }: IncomingMessage): boolean {
  return headers['tus-resumable'] === '1.0.0'
}

function refuseVersion(response: ServerResponse): void {
  response.setHeader('tus-version', '1.0.0')
  refuse(response, 412, 'Tus-Resumable must be 1.0.0.')
}

function answerOptions(response: ServerResponse, maxBytes: number): void {
  response.writeHead(204, {
    'tus-resumable': '1.0.0',
    'tus-version': '1.0.0',
    'tus-extension': 'creation,creation-defer-length,termination,expiration,checksum',
    'tus-max-size': `${maxBytes}`,
    'tus-checksum-algorithm': CHECKSUM_ALGORITHMS,
  })
  response.end()
}

/** Returns the current offset of an upload (HEAD). A request that is sending bytes is asked to leave first. */
function currentOffset({ db, files, locks, clock }: Receiving, id: string): Promise<TusAnswer> {
  return locks.hold(id, async () => {
    const upload = await findUpload(db, id)
    if (!upload || !isReceiving(upload, clock())) return ended(upload, 'HEAD')
    await files.prepare(id)
    const { byteSize, expiresAt } = upload
    return {
      status: 200,
      headers: {
        'upload-offset': `${await files.size(id)}`,
        'upload-expires': expiresAt.toUTCString(),
        // tus 1.0: "As long as the length of the upload is not known, the Server MUST set Upload-Defer-Length: 1".
        ...(byteSize === null ? { 'upload-defer-length': '1' } : { 'upload-length': `${byteSize}` }),
      },
    }
  })
}

// A client that lost the answer to its last PATCH asks for the offset, which is the end of the file.
function ended(upload: Upload | null, method: string): TusAnswer {
  if (!upload || !hasArrived(upload))
    return { status: 410, message: 'The upload has ended. Request a new one with requestUpload.' }
  if (method !== 'HEAD')
    return { status: 409, message: 'All bytes of the upload have arrived, so it cannot be changed any more.' }
  const size = `${upload.receivedBytes}`
  return { status: 200, headers: { 'upload-offset': size, 'upload-length': size } }
}

async function cancel(receiving: Receiving, id: string): Promise<TusAnswer> {
  if (await giveUp(receiving, id, 'CANCELLED')) return { status: 204 }
  return { status: 409, message: 'The upload has ended and cannot be cancelled.' }
}

function refuse(response: ServerResponse, status: number, message: string): void {
  sendTusAnswer(response, { status, message })
}

function cutWhenIdle(request: IncomingMessage, response: ServerResponse): void {
  request.setTimeout(IDLE_MS, () => request.destroy())
  response.once('close', () => request.setTimeout(0))
}
