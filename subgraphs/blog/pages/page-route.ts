import type { IncomingMessage, ServerResponse } from 'node:http'
import type pg from 'pg'
import { readPageRequest, toConnection } from '../../../platform/connections.ts'
import { VisibleError } from '../../../platform/errors.ts'
import { bearerToken } from '../../../platform/http/respond.ts'
import type { Route } from '../../../platform/http/routes.ts'
import type { Verifier } from '../../../platform/tokens/verifier.ts'
import type { Communication } from '../access/communication.ts'
import { createContext } from '../context.ts'
import { visibleMoblog } from '../moblogs/visible-moblog.ts'
import { fromCursor, postList, toCursor } from '../posts/post-position.ts'
import { visiblePost } from '../posts/visible-post.ts'
import { type Page, renderPage } from './page.ts'
import { isRevoked } from './page-revocations.ts'
import { type PageToken, readPageToken } from './page-token.ts'

/** What serving pages needs. */
export type PageDependencies = { pool: pg.Pool; communication: Communication; verifier: Verifier }

const POSTS_PER_PAGE = 10

// A page is for one viewer and for a few minutes, and its address is a key: it goes into no shared cache and into no
// Referer header. There is no script in it, and none that a user wrote would run.
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'private, no-cache',
  'referrer-policy': 'no-referrer',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}

/** `GET /m/<token>`, or `GET /m/` with the token as `Authorization: Bearer`: a moblog's page for the token's viewer. */
export function pageRoute(dependencies: PageDependencies): Route {
  return {
    path: '/m/',
    async handle(request, response, url) {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.setHeader('allow', 'GET, HEAD')
        return send(request, response, 405, 'Use GET.')
      }
      const token = url.pathname.slice('/m/'.length) || bearerToken(request)
      const read = token ? await readPageToken(dependencies.verifier, token) : null
      try {
        const page = read && (await loadPage(dependencies, read, url.searchParams.get('after')))
        if (!page) return send(request, response, 403, 'This link is no longer valid.')
        send(request, response, 200, renderPage(page).markup)
      } catch (error) {
        if (!(error instanceof VisibleError)) throw error
        const status = error.extensions.code === 'SERVICE_UNAVAILABLE' ? 503 : 400
        send(request, response, status, error.message)
      }
    },
  }
}

/** The page as the token's viewer may see it now; null where they may not, or the token was revoked. */
async function loadPage(
  { pool, communication }: PageDependencies,
  token: PageToken,
  after: string | null,
): Promise<Page | null> {
  const { moblogId, viewerId } = token
  const list = postList(moblogId)
  const request = readPageRequest({ first: POSTS_PER_PAGE, after }, list)
  const context = createContext(pool, communication, { kind: 'viewer', userId: viewerId, sessionId: null })
  const [revoked, standing] = await Promise.all([isRevoked(pool, token), context.standings.load(moblogId)])
  const moblog = revoked ? null : visibleMoblog(moblogId, standing)
  if (!moblog) return null
  const position = request.after && fromCursor(request.after)
  const [text, rows] = await Promise.all([
    context.moblogs.text.load(moblogId),
    context.posts.page.load({ moblogId, standing, count: request.first + 1, after: position }),
  ])
  const { edges, pageInfo } = toConnection(rows, request, list, toCursor, (row) => visiblePost(row, standing))
  return {
    ...text,
    posts: edges.map(({ node }) => node),
    nextCursor: pageInfo.hasNextPage ? pageInfo.endCursor : null,
  }
}

function send(request: IncomingMessage, response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    ...HEADERS,
    ...(status !== 200 && { 'content-type': 'text/plain; charset=utf-8' }),
    'content-length': Buffer.byteLength(body),
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}
