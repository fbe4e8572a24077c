import { unavailable } from '../../../platform/errors.ts'
import { bearerToken } from '../../../platform/http/respond.ts'
import type { Route } from '../../../platform/http/routes.ts'
import { isId, normalId } from '../../../platform/ids.ts'
import { languageOf } from '../../../platform/pages/page-language.ts'
import type { Verifier } from '../../../platform/tokens/verifier.ts'
import { enclosuresOf, limitFeed, renderFeed } from './feed.ts'
import { type LoadDependencies, loadGrantedPage, loadPage } from './load-page.ts'
import { publicView } from './load-public-page.ts'
import { renderPage } from './page.ts'
import {
  answerPages,
  type Exchange,
  type PageAdmission,
  type PagePlan,
  sendNotice,
  WEIGHTS,
} from './page-exchange.ts'
import { pageHeaders } from './page-headers.ts'
import { rootFrom } from './page-place.ts'
import { findPageScript, type PageScript } from './page-scripts.ts'
import { type PageToken, readPageToken } from './page-token.ts'
import type { PublicAddresses } from './public-addresses.ts'
import { sendMoblog } from './public-page-route.ts'
import { sendCompressed, sendPublic } from './send-page.ts'
import { stillPicture } from './shown-media.ts'

/** The dependencies of serving pages. */
export type PageDependencies = LoadDependencies & {
  verifier: Verifier
  addresses: PublicAddresses
  /** The address of the web client, without a `/` at the end. */
  client: string
  admission: PageAdmission
  /** Whether the revocations from the time when the service was down are known. */
  knowsRevocations(): boolean
}

// Enough that a reader that fetches the feed once a day misses no post.
const POSTS_IN_FEED = 50

/**
 * Serves everything below `/m/`:
 *
 * - `<token>`, or nothing with the token as `Authorization: Bearer`: a moblog's page for the token's viewer
 *   (docs/method.md, B4)
 * - `<moblogId>` and `<moblogId>/feed.xml`: the public page and the public feed
 * - `-/…`: scripts and media that pages and feeds refer to
 */
export function pageRoute(dependencies: PageDependencies): Route {
  return {
    path: '/m/',
    ...answerPages(dependencies.admission, (exchange) => plan(exchange, dependencies)),
  }
}

async function plan(exchange: Exchange, dependencies: PageDependencies): Promise<PagePlan> {
  const name = exchange.url.pathname.slice('/m/'.length)
  const script = findPageScript(name)
  if (script) return signedOut(WEIGHTS.file, () => sendScript(exchange, script))
  const [first = '', ...rest] = name.split('/')
  if (first === '-') return signedOut(WEIGHTS.file, () => sendMedia(exchange, dependencies, rest))
  const id = isId(first) ? normalId(first) : null
  if (id !== null && rest.length === 0) {
    return signedOut(WEIGHTS.page, () => sendPublicPage(exchange, dependencies, id))
  }
  if (id !== null && rest.join('/') === 'feed.xml') {
    return signedOut(WEIGHTS.feed, () => sendFeed(exchange, dependencies, id))
  }
  const token = await readPageToken(dependencies.verifier, name || bearerToken(exchange.request) || '')
  const answer = () => sendGrantedPage(exchange, dependencies, token)
  return { weight: WEIGHTS.page, viewerId: token?.viewerId ?? null, answer }
}

const signedOut = (weight: number, answer: () => Promise<void>): PagePlan => ({
  weight,
  viewerId: null,
  answer,
})

async function sendGrantedPage(
  exchange: Exchange,
  dependencies: PageDependencies,
  token: PageToken | null,
): Promise<void> {
  const { request, response, url } = exchange
  // The token may have been revoked while the service was down; the missed revocations are not known yet.
  if (!dependencies.knowsRevocations()) throw unavailable('The service is starting. Try again in a moment.')
  const page = token && (await loadGrantedPage(dependencies, token, url.searchParams.get('after')))
  if (!page) return sendNotice(exchange, 403, 'gone')
  const place = { root: rootFrom(url.pathname), addresses: null, client: dependencies.client }
  const { markup } = renderPage(page, languageOf(request), place)
  await sendCompressed(request, response, 200, markup, pageHeaders(page.media.values()))
}

async function sendPublicPage(
  exchange: Exchange,
  dependencies: PageDependencies,
  moblogId: string,
): Promise<void> {
  const after = exchange.url.searchParams.get('after')
  await sendMoblog(exchange, dependencies, await loadPage(dependencies, publicView(moblogId), { after }))
}

async function sendFeed(exchange: Exchange, dependencies: PageDependencies, moblogId: string): Promise<void> {
  // Feed readers keep posts for ever.
  const options = { after: null, count: POSTS_IN_FEED, isLasting: true }
  const loaded = await loadPage(dependencies, publicView(moblogId), options)
  if (!loaded) return sendNotice(exchange, 404, 'missing')
  const page = limitFeed(loaded)
  const files = await dependencies.sources.files(enclosuresOf(page).map(({ id }) => id))
  const feed = await renderFeed(page, files, dependencies.addresses)
  await sendPublic(exchange.request, exchange.response, feed, {
    'content-type': 'application/rss+xml; charset=utf-8',
  })
}

const MEDIA_FILE = /^(play|poster)(?:\.[a-z0-9]{1,5})?$/

/**
 * Redirects `-/media/<mediaId>/play` and `…/poster` to the current address of a media file, while everyone may play it.
 * The path may end with a file extension, for clients that check it.
 */
async function sendMedia(exchange: Exchange, { sources }: PageDependencies, path: string[]): Promise<void> {
  const [folder, id = '', file = '', ...rest] = path
  const role = MEDIA_FILE.exec(file)?.[1]
  const isKnown = folder === 'media' && isId(id) && rest.length === 0 && role !== undefined
  const media = isKnown ? (await sources.media(null, null, [id])).get(id) : undefined
  if (!media) return sendNotice(exchange, 404, 'missing')
  const played = media.access.progressiveUrl ?? media.access.url
  const location = role === 'play' ? played : stillPicture(media)?.url
  if (location === undefined) return sendNotice(exchange, 404, 'missing')
  exchange.response.writeHead(302, {
    location,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  })
  exchange.response.end()
}

function sendScript({ request, response }: Exchange, { source }: PageScript): Promise<void> {
  return sendCompressed(request, response, 200, source, {
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
  })
}
