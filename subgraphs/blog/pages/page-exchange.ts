import type { IncomingMessage, ServerResponse } from 'node:http'
import { VisibleError } from '../../../platform/errors.ts'
import type { Route } from '../../../platform/http/routes.ts'
import { renderNotice } from './document.ts'
import { pageHeaders } from './page-headers.ts'
import { chooseLanguage, PAGE_WORDS, type PageLanguage } from './page-language.ts'
import { sendCompressed } from './send-page.ts'

/** A request for a page and its response. */
export type Exchange = { request: IncomingMessage; response: ServerResponse; url: URL }

type Notice = 'gone' | 'missing' | 'badCursor' | 'busy'

/** Creates the handler of a route of pages: it refuses other methods than GET and HEAD, and shows failures as pages. */
export function answerPages(answer: (exchange: Exchange) => Promise<void>): Route['handle'] {
  return async (request, response, url) => {
    const exchange = { request, response, url }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD')
      return sendNotice(exchange, 405, 'missing')
    }
    try {
      await answer(exchange)
    } catch (error) {
      if (!(error instanceof VisibleError)) throw error
      const isBusy = error.extensions.code === 'SERVICE_UNAVAILABLE'
      await sendNotice(exchange, isBusy ? 503 : 400, isBusy ? 'busy' : 'badCursor')
    }
  }
}

/** Sends a page that contains only a message, in the reader's language. */
export function sendNotice({ request, response }: Exchange, status: number, notice: Notice): Promise<void> {
  const language = languageOf(request)
  const { markup } = renderNotice(PAGE_WORDS[language][notice], language)
  const headers = { ...pageHeaders([]), ...(status === 503 && { 'retry-after': '2' }) }
  return sendCompressed(request, response, status, markup, headers)
}

/** The language in which to answer. */
export function languageOf(request: IncomingMessage): PageLanguage {
  return chooseLanguage(request.headers['accept-language'])
}
