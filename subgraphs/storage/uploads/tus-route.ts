import type { IncomingMessage, ServerResponse } from 'node:http'
import { Server } from '@tus/server'
import { bearerToken, sendJson } from '../../../platform/http/respond.ts'
import type { Route } from '../../../platform/http/routes.ts'
import { endUnreadBody } from '../../../platform/http/unread-body.ts'
import { isId } from '../../../platform/ids.ts'
import type { UploadAddresses } from '../capacity/resolvers.ts'
import { CHECKSUM_ALGORITHMS, readChecksum, requestChecksum } from './chunk-checksum.ts'
import { allowCrossOrigin } from './cross-origin.ts'
import { extended, giveUp, type Receiving } from './receiving.ts'
import { type Creating, createUpload } from './tus-creation.ts'
import { TusStore } from './tus-store.ts'
import { hasArrived, isReceiving, type Upload } from './upload.ts'
import { type KeyCheck, uploadOfKey } from './upload-key.ts'
import { findUpload } from './upload-store.ts'

const PREFIX = '/uploads/'
const METHODS = ['HEAD', 'PATCH', 'DELETE', 'OPTIONS']
const TUS = { 'tus-resumable': '1.0.0', 'cache-control': 'no-store' }
// A request that another one displaces has this long to write down what it holds.
const DRAIN_MS = 20
const IDLE_MS = 120_000

/**
 * Resumable uploads (tus 1.0) at `/uploads/<uploadId>`. The resource is made by the handshake; a POST to `/uploads` only
 * says where it is. There is no GET, which @tus/server would answer with the bytes of a finished upload to anyone.
 */
export function tusRoutes(receiving: Receiving, keys: KeyCheck, addresses: UploadAddresses): Route[] {
  const server = new Server({
    path: PREFIX.slice(0, -1),
    datastore: new TusStore(receiving),
    locker: receiving.locks,
    lockDrainTimeout: DRAIN_MS,
    getFileIdFromRequest: (_request, last) => last,
    maxSize: async (_request, id) => (id && (await findUpload(receiving.db, id))?.maxBytes) || 0,
    onResponseError: (_request, error) => {
      // Outcomes of the protocol are thrown as plain objects; an Error is one of ours.
      if (error instanceof Error && !('status_code' in error)) {
        receiving.log.error({ err: error }, 'an upload request failed')
        return { status_code: 500, body: 'Something went wrong on our side.\n' }
      }
      return undefined
    },
  })

  const creating = { receiving, keys, addresses }
  const resources: Route = {
    path: PREFIX,
    async handle(request, response, url) {
      const id = url.pathname.slice(PREFIX.length)
      if (id === '') return create(creating, request, response)
      allowCrossOrigin(response, METHODS.join(', '))
      const method = request.method ?? ''
      if (method === 'OPTIONS') return answerOptions(response)
      if (!isId(id)) return refuse(response, 404, 'There is no upload at this address.')
      if (!METHODS.includes(method)) {
        response.setHeader('allow', METHODS.join(', '))
        return refuse(response, 405, 'Uploads take HEAD, PATCH, DELETE and OPTIONS.')
      }
      endUnreadBody(request, response)
      // Wrong, expired, replaced or meant for another upload: whoever tries keys learns nothing from the answer.
      const upload = await uploadOfKey(keys, bearerToken(request), id)
      if (typeof upload === 'string') {
        response.setHeader('www-authenticate', 'Bearer')
        return refuse(response, 401, 'This key is not good for this upload, or no longer.')
      }
      if (!isReceiving(upload, receiving.clock())) return answerEnded(response, method, upload)
      if (method === 'DELETE') return cancel(receiving, response, id)
      const checksum = readChecksum(request.headers['upload-checksum'])
      if (typeof checksum === 'string') return refuse(response, 400, checksum)
      cutWhenIdle(request, response)
      response.setHeader('upload-expires', extended(receiving).toUTCString())
      await requestChecksum.run(checksum, () => server.handle(request, response))
    },
  }
  const creation: Route = {
    path: PREFIX.slice(0, -1),
    handle: (request, response) => create(creating, request, response),
  }
  return [creation, resources]
}

async function create(creating: Creating, request: IncomingMessage, response: ServerResponse): Promise<void> {
  allowCrossOrigin(response, 'POST, OPTIONS')
  if (request.method === 'OPTIONS') return answerOptions(response)
  endUnreadBody(request, response)
  if (request.method !== 'POST') {
    response.setHeader('allow', 'POST, OPTIONS')
    return refuse(response, 405, 'Uploads are created with POST.')
  }
  const refusal = await createUpload(creating, request, response)
  if (refusal) refuse(response, refusal.status, refusal.message)
}

function answerOptions(response: ServerResponse): void {
  response.writeHead(204, {
    'tus-resumable': '1.0.0',
    'tus-version': '1.0.0',
    'tus-extension': 'creation,creation-defer-length,termination,expiration,checksum',
    'tus-checksum-algorithm': CHECKSUM_ALGORITHMS,
  })
  response.end()
}

// A client that lost the answer to its last PATCH asks where it stands: at the end.
function answerEnded(response: ServerResponse, method: string, upload: Upload): void {
  const size = `${upload.receivedBytes}`
  if (!hasArrived(upload)) refuse(response, 410, 'This upload has ended.')
  else if (method !== 'HEAD') refuse(response, 409, 'All bytes of this upload have arrived.')
  else response.writeHead(200, { ...TUS, 'upload-offset': size, 'upload-length': size }).end()
}

async function cancel(receiving: Receiving, response: ServerResponse, id: string): Promise<void> {
  if (!(await giveUp(receiving, id, 'CANCELLED'))) {
    return refuse(response, 409, 'This upload has ended.')
  }
  response.writeHead(204, TUS).end()
}

function refuse(response: ServerResponse, status: number, message: string): void {
  sendJson(response, status, { message }, TUS)
}

function cutWhenIdle(request: IncomingMessage, response: ServerResponse): void {
  request.setTimeout(IDLE_MS, () => request.destroy())
  response.once('close', () => request.setTimeout(0))
}
