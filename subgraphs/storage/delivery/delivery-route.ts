import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../../../platform/clock.ts'
import { bearerToken, sendJson } from '../../../platform/http/respond.ts'
import type { Route } from '../../../platform/http/routes.ts'
import { isId } from '../../../platform/ids.ts'
import type { Medium } from '../media/medium.ts'
import type { ObjectStore, StoredFile } from '../objects/object-store.ts'
import { allowsRange, type ByteRange, matchesAny, readRange } from './byte-range.ts'
import { contentDisposition } from './content-disposition.ts'
import type { FindForm, Form } from './forms.ts'
import type { Grant, Grants } from './media-grants.ts'
import type { OpenFiles } from './open-files.ts'
import { REVOCATION_LIFETIME_MS } from './revocation-feed.ts'
import type { Revocations } from './revocations.ts'
import { sendBytes } from './send-bytes.ts'
import type { ViewerLimits } from './viewer-limits.ts'

/** What sending media needs. */
export type Delivery = {
  grants: Grants
  revocations: Revocations
  files: OpenFiles
  objects: Pick<ObjectStore, 'address'>
  /** The medium with this id, null where there is none; may be answered from memory. */
  findMedium(id: string): Promise<Medium | null>
  findForm: FindForm
  limits: ViewerLimits
  clock: Clock
}

const METHODS = 'GET, HEAD, OPTIONS'

type Address = { token: string | null; mediaId: string; form: string }

/**
 * Media at `/v/<token>/<mediaId>/<form>` (spec C4). The token stands before the playlist's own path, so that relative
 * addresses in it carry the token in every player.
 */
export function tokenRoute(delivery: Delivery): Route {
  return route('/v/', delivery, (path) => {
    const [token = '', mediaId = '', ...form] = path.split('/')
    return { token, mediaId, form: form.join('/') }
  })
}

/** The same media at `/media/<mediaId>/<form>`, with the token in the `Authorization` header. */
export function bearerRoute(delivery: Delivery): Route {
  return route('/media/', delivery, (path, request) => {
    const [mediaId = '', ...form] = path.split('/')
    return { token: bearerToken(request), mediaId, form: form.join('/') }
  })
}

function route(
  prefix: string,
  delivery: Delivery,
  read: (path: string, request: IncomingMessage) => Address,
): Route {
  return {
    path: prefix,
    async handle(request, response, url) {
      setCommonHeaders(response)
      if (request.method === 'OPTIONS') return void response.writeHead(204).end()
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.setHeader('allow', METHODS)
        return sendJson(response, 405, { message: 'Media are read with GET and HEAD.' })
      }
      const address = read(url.pathname.slice(prefix.length), request)
      const allowed = await admit(delivery, address)
      if (!allowed) return refuse(response)
      const isDownload = url.searchParams.has('download')
      const leave = delivery.limits.enter(allowed.grant.viewerId)
      if (!leave) return answerTooMuch(response)
      await send(delivery, request, response, { ...allowed, form: address.form, isDownload }).finally(leave)
    },
  }
}

function setCommonHeaders(response: ServerResponse): void {
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

// Whatever is wrong, and whether there is such a medium or not, the answer is the same.
function refuse(response: ServerResponse): void {
  sendJson(
    response,
    403,
    { message: 'This address does not work, or no longer.' },
    { 'cache-control': 'no-store' },
  )
}

async function admit(
  { grants, revocations, findMedium }: Delivery,
  { token, mediaId }: Address,
): Promise<{ grant: Grant; medium: Medium } | null> {
  if (!token || !isId(mediaId)) return null
  const grant = await grants.read(token, mediaId)
  if (!grant || revocations.isRevoked(grant)) return null
  const medium = await findMedium(mediaId)
  return medium && { grant, medium }
}

type Wanted = { grant: Grant; medium: Medium; form: string; isDownload: boolean }

async function send(
  delivery: Delivery,
  request: IncomingMessage,
  response: ServerResponse,
  { grant, medium, form, isDownload }: Wanted,
): Promise<void> {
  const found = await delivery.findForm(medium, form, grant.viewerId)
  if (found === 'NOT_YET') return answerNotYet(response)
  if (found && (await redirect(delivery, request, response, { found, medium, isDownload }))) return
  const borrowed = found && (await borrow(delivery, medium, found))
  if (!found || !borrowed) return sendJson(response, 404, { message: 'This medium has no such form.' })
  try {
    const { size } = borrowed.file
    const range = writeHeaders(request, response, { ...found, size, title: medium.title, isDownload })
    if (!range || request.method === 'HEAD') return void response.end()
    // A reader that stands still is cut too: it would otherwise finish what was granted before.
    const unwatch = delivery.revocations.watch(() => {
      if (delivery.revocations.isRevoked(grant)) response.destroy()
    })
    const isAllowed = () => mayGoOn(delivery, grant)
    await sendBytes(response, borrowed.file, range, isAllowed).finally(unwatch)
  } finally {
    borrowed.giveBack()
  }
}

/** Sends a player to where the object store itself serves the file, if it does; the address works for a minute. */
async function redirect(
  { objects }: Delivery,
  { method }: IncomingMessage,
  response: ServerResponse,
  { found, medium, isDownload }: { found: Form; medium: Medium; isDownload: boolean },
): Promise<boolean> {
  if (!objects.address || method !== 'GET' || !('objectName' in found)) return false
  const { mimeType, objectName } = found
  const disposition = contentDisposition({ title: medium.title, mimeType }, isDownload)
  const location = await objects.address(medium.id, objectName, { mimeType, disposition })
  response.writeHead(307, { location, 'cache-control': 'no-store', 'content-length': 0 }).end()
  return true
}

/**
 * Whether a response that has begun may go on: expiry does not end it, so that playing does not stop in the middle;
 * revocation does, and so does the time that revocations are remembered for.
 */
function mayGoOn({ revocations, clock }: Delivery, grant: Grant): boolean {
  return !revocations.isRevoked(grant) && clock().getTime() < grant.issuedAt + REVOCATION_LIFETIME_MS
}

// RFC 6585 §4.
function answerTooMuch(response: ServerResponse): void {
  sendJson(
    response,
    429,
    { message: 'You are asking for too much at a time. Try again in a moment.' },
    { 'retry-after': '1', 'cache-control': 'no-store' },
  )
}

/** What exists but is being made: players and people try again. */
function answerNotYet(response: ServerResponse): void {
  sendJson(
    response,
    503,
    { message: 'This form of the medium is being made. Try again in a moment.' },
    { 'retry-after': '1', 'cache-control': 'no-store' },
  )
}

function borrow({ files }: Delivery, medium: Medium, form: Form) {
  if ('objectName' in form) return files.borrow(medium.id, form.objectName)
  return { file: fileOfText(form.text), giveBack() {} }
}

function fileOfText(text: string): StoredFile {
  const bytes = Buffer.from(text)
  return {
    size: bytes.length,
    read: async (buffer, position) => bytes.copy(buffer, 0, position),
    close: async () => {},
  }
}

type Sent = Pick<Form, 'mimeType' | 'etag' | 'cacheControl'> & {
  size: number
  title: string
  isDownload: boolean
}

/** Writes status and headers; answers which bytes are to follow, null where none are. */
function writeHeaders(
  { headers }: IncomingMessage,
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
  const range = allowsRange(typeof ifRange === 'string' ? ifRange : undefined, etag)
    ? readRange(headers.range, size)
    : null
  if (range === 'UNSATISFIABLE') {
    // RFC 9110 §15.5.17: the answer says how long the file is.
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
