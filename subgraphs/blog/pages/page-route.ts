import type { IncomingMessage, ServerResponse } from 'node:http'
import { VisibleError } from '../../../platform/errors.ts'
import { bearerToken } from '../../../platform/http/respond.ts'
import type { Route } from '../../../platform/http/routes.ts'
import type { Verifier } from '../../../platform/tokens/verifier.ts'
import { type LoadDependencies, loadPage } from './load-page.ts'
import { renderNotice, renderPage } from './page.ts'
import { pageHeaders } from './page-headers.ts'
import { chooseLanguage, PAGE_WORDS } from './page-language.ts'
import { PAGE_SCRIPT } from './page-script.ts'
import { readPageToken } from './page-token.ts'
import { sendCompressed } from './send-page.ts'

/** What serving pages needs. */
export type PageDependencies = LoadDependencies & { verifier: Verifier }

/** `GET /m/<token>`, or `GET /m/` with the token as `Authorization: Bearer`: a moblog's page for the token's viewer. */
export function pageRoute(dependencies: PageDependencies): Route {
  return {
    path: '/m/',
    async handle(request, response, url) {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.setHeader('allow', 'GET, HEAD')
        return sendNotice(request, response, 405, 'badCursor')
      }
      const name = url.pathname.slice('/m/'.length)
      if (name === PAGE_SCRIPT.path) return sendScript(request, response)
      try {
        const token = await readPageToken(dependencies.verifier, name || bearerToken(request) || '')
        const page = token && (await loadPage(dependencies, token, url.searchParams.get('after')))
        if (!page) return sendNotice(request, response, 403, 'gone')
        const { markup } = renderPage(page, languageOf(request))
        await sendCompressed(request, response, 200, markup, pageHeaders(page.media.values()))
      } catch (error) {
        if (!(error instanceof VisibleError)) throw error
        const isBusy = error.extensions.code === 'SERVICE_UNAVAILABLE'
        await sendNotice(request, response, isBusy ? 503 : 400, isBusy ? 'busy' : 'badCursor')
      }
    },
  }
}

function sendNotice(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  notice: 'gone' | 'badCursor' | 'busy',
): Promise<void> {
  const language = languageOf(request)
  const { markup } = renderNotice(PAGE_WORDS[language][notice], language)
  return sendCompressed(request, response, status, markup, pageHeaders([]))
}

function sendScript(request: IncomingMessage, response: ServerResponse): Promise<void> {
  return sendCompressed(request, response, 200, PAGE_SCRIPT.source.toString(), {
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
  })
}

function languageOf(request: IncomingMessage) {
  return chooseLanguage(request.headers['accept-language'])
}
