import type { IncomingMessage, ServerResponse } from 'node:http'
import { VisibleError } from '../../../platform/errors.ts'
import { readPreferences } from '../../../platform/http/preferences.ts'
import type { Route } from '../../../platform/http/routes.ts'
import { NOTICE_HEADERS, renderNoticePage } from '../../../platform/pages/notice-page.ts'
import { languageOf } from '../../../platform/pages/page-language.ts'
import { pageWords } from './page-language.ts'
import type { PageLimit } from './page-limit.ts'
import { pageReader } from './page-reader.ts'
import type { PageTurns } from './page-turns.ts'
import { sendCompressed } from './send-page.ts'

/** A request for a page and its response. */
export type Exchange = {
  request: IncomingMessage
  response: ServerResponse
  url: URL
  /** The address of the web client, without a `/` at the end. */
  client: string
}

const RETRY_BUSY_SECONDS = 2

type Notice = 'gone' | 'missing' | 'badCursor' | 'busy' | 'tooMany' | 'broken'

/** What a request asks for. */
export type PagePlan = {
  /** How many pages the request counts as. It depends only on the path, so it tells nothing about what exists. */
  weight: number
  /** The viewer of the page token; null if the request has no valid token of a signed-in viewer. */
  viewerId: string | null
  answer(): Promise<void>
}

/** What the routes of pages share: the rate limit, the turns, and how many proxies are trusted, and the address of the web client. */
export type PageAdmission = { limit: PageLimit; turns: PageTurns; trustedProxies: number; client: string }

/** How many pages a request counts as. A feed has five times as many posts as a page. */
export const WEIGHTS = { page: 1, feed: 4, file: 0.25 }

/**
 * Creates the handlers of a route of pages. They count every request against the rate limit, wait for a turn, refuse other
 * methods than GET and HEAD, and show failures as pages.
 */
export function answerPages(
  { limit, turns, trustedProxies, client }: PageAdmission,
  plan: (exchange: Exchange) => PagePlan | Promise<PagePlan>,
): Pick<Route, 'handle' | 'showFailure'> {
  return {
    async handle(request, response, url) {
      const exchange = { request, response, url, client }
      const { weight, viewerId, answer } = await plan(exchange)
      const reader = pageReader(request, viewerId, trustedProxies)
      try {
        limit.count(reader, weight)
        await turns.run(reader, async () => {
          if (response.destroyed) return // The client has closed the connection while the request waited.
          await (isRead(request) ? answer() : refuseMethod(exchange))
        })
      } catch (error) {
        if (!(error instanceof VisibleError)) throw error
        await sendFailure(exchange, error)
      }
    },
    showFailure(request, response, { status, retryAfterSeconds }) {
      const notice = status === 503 ? 'busy' : status >= 500 ? 'broken' : 'badCursor'
      return sendNotice({ request, response, client }, status, notice, retryAfterSeconds)
    },
  }
}

const isRead = ({ method }: IncomingMessage) => method === 'GET' || method === 'HEAD'

function refuseMethod(exchange: Exchange): Promise<void> {
  exchange.response.setHeader('allow', 'GET, HEAD')
  return sendNotice(exchange, 405, 'missing')
}

function sendFailure(exchange: Exchange, { extensions }: VisibleError): Promise<void> {
  if (extensions.code === 'RATE_LIMITED') {
    return sendNotice(exchange, 429, 'tooMany', Number(extensions.retryAfterSeconds))
  }
  return extensions.code === 'SERVICE_UNAVAILABLE'
    ? sendNotice(exchange, 503, 'busy', RETRY_BUSY_SECONDS)
    : sendNotice(exchange, 400, 'badCursor')
}

/** Sends a page that contains only a message, in the reader's language, or the message as JSON to programs that do not accept pages. */
export function sendNotice(
  { request, response, client }: Omit<Exchange, 'url'>,
  status: number,
  notice: Notice,
  retryAfterSeconds?: number,
): Promise<void> {
  const language = languageOf(request)
  const wait = retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }
  const headers = { ...NOTICE_HEADERS, ...wait }
  const words = pageWords(language)
  const text = words[notice]
  if (!acceptsPages(request)) {
    const json = { ...headers, 'content-type': 'application/json; charset=utf-8' }
    return sendCompressed(request, response, status, JSON.stringify({ message: text }), json)
  }
  const { markup } = renderNoticePage({
    text,
    link: { address: `${client}/`, label: words.openClient },
    language,
  })
  return sendCompressed(request, response, status, markup, headers)
}

// A program that says nothing about it accepts everything (RFC 9110 §12.5.1).
function acceptsPages({ headers }: IncomingMessage): boolean {
  const accepted = readPreferences(headers.accept ?? '*/*').filter(({ quality }) => quality > 0)
  return accepted.some(({ value }) => ['text/html', 'text/*', '*/*'].includes(value))
}
