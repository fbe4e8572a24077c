import type { IncomingMessage, ServerResponse } from 'node:http'
import { clientAddress } from '../../../platform/http/client-address.ts'
import { bearerToken, sendJson } from '../../../platform/http/respond.ts'
import type { Route } from '../../../platform/http/routes.ts'
import { isId } from '../../../platform/ids.ts'
import type { Media } from '../media/media.ts'
import type { MediaToken, MediaTokenVerifier } from './media-token-verifier.ts'
import { METHODS, setCommonHeaders } from './response-headers.ts'
import { type Sending, sendVariant } from './send-variant.ts'
import type { Asker, ViewerLimits } from './viewer-limits.ts'

/** The dependencies of admitting viewers and sending media. */
export type Delivery = Sending & {
  mediaTokens: MediaTokenVerifier
  /** The media file with this id, null if it does not exist; the answer may come from a cache. */
  findMediaItem(id: string): Promise<Media | null>
  limits: ViewerLimits
  /** Whether the revocations from the time when the service was down are known. */
  knowsRevocations(): boolean
  /** How many proxies are in front of the service. */
  trustedProxies: number
}

type Address = { token: string | null; mediaId: string; variant: string }

/**
 * Serves media at `/v/<token>/<mediaId>/<variant>` (docs/method.md, C4). The token comes before the path of the
 * playlist, so that relative addresses in a playlist contain the token in every player.
 */
export function tokenRoute(delivery: Delivery): Route {
  return route('/v/', delivery, (path) => {
    const [token = '', mediaId = '', ...variant] = path.split('/')
    return { token, mediaId, variant: variant.join('/') }
  })
}

/** Serves the same media at `/media/<mediaId>/<variant>`, with the token in the `Authorization` header. */
export function bearerRoute(delivery: Delivery): Route {
  return route('/media/', delivery, (path, request) => {
    const [mediaId = '', ...variant] = path.split('/')
    return { token: bearerToken(request), mediaId, variant: variant.join('/') }
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
        return sendJson(response, 405, { message: 'Only GET and HEAD are allowed for media.' })
      }
      if (!delivery.knowsRevocations()) return answerNotReady(response)
      const address = read(url.pathname.slice(prefix.length), request)
      const allowed = await admit(delivery, address)
      if (!allowed) return refuse(response)
      const isDownload = url.searchParams.has('download')
      const leave = delivery.limits.enter(askerOf(delivery, allowed.grant, request))
      if (!leave) return answerTooMuch(response)
      await sendVariant(delivery, request, response, {
        ...allowed,
        variant: address.variant,
        isDownload,
      }).finally(leave)
    },
  }
}

function askerOf({ trustedProxies }: Delivery, { viewerId }: MediaToken, request: IncomingMessage): Asker {
  return viewerId === null ? { address: clientAddress(request, trustedProxies) } : { viewerId }
}

// Every cause gets the same answer, so that it does not reveal whether the media exists.
function refuse(response: ServerResponse): void {
  sendJson(
    response,
    403,
    {
      message:
        'The address or its media token is not valid, or not valid any more. Query the media for a new one.',
    },
    { 'cache-control': 'no-store' },
  )
}

async function admit(
  { mediaTokens, revocations, findMediaItem }: Delivery,
  { token, mediaId }: Address,
): Promise<{ grant: MediaToken; media: Media } | null> {
  if (!token || !isId(mediaId)) return null
  const grant = await mediaTokens.read(token, mediaId)
  if (!grant || revocations.isRevoked(grant)) return null
  const media = await findMediaItem(mediaId)
  return media && { grant, media }
}

// RFC 6585 §4.
function answerTooMuch(response: ServerResponse): void {
  sendJson(
    response,
    429,
    { message: 'Too many requests or open responses. Try again in a second.' },
    { 'retry-after': '1', 'cache-control': 'no-store' },
  )
}

// A token may have been revoked while the service was down, and the missed revocations have not arrived yet.
function answerNotReady(response: ServerResponse): void {
  sendJson(
    response,
    503,
    { message: 'The service is starting. Try again in a moment.' },
    { 'retry-after': '1', 'cache-control': 'no-store' },
  )
}
