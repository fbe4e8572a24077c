import type { IncomingMessage, ServerResponse } from 'node:http'
import { addVary, sendText } from '../http/compress.ts'
import { readPreferences } from '../http/preferences.ts'
import { sendJson, UNKNOWN_ADDRESS } from '../http/respond.ts'
import { NOTICE_HEADERS, renderNoticePage } from './notice-page.ts'
import { languageOf, type WrittenLanguage } from './page-language.ts'

/** Returns the address of the start page, for a link on the page at a path; null if it is not known. */
export type StartPage = (pathname: string) => string | null

const WORDS: Readonly<Record<WrittenLanguage, { missing: string; open: string }>> = {
  en: { missing: 'This page does not exist.', open: 'Open Moblog' },
  'zh-Hans': { missing: '此页面不存在。', open: '打开 Moblog' },
}

/** The start page of this server. Relative, because a proxy may serve the product below a path. */
export const ownStartPage: StartPage = (pathname) => '../'.repeat(pathname.split('/').length - 2) || './'

/** Answers a request for an address that does not exist: with a page if a browser asks for one, and otherwise as JSON. */
export async function answerUnknownAddress(
  request: IncomingMessage,
  response: ServerResponse,
  { pathname }: URL,
  startPage: StartPage,
): Promise<void> {
  addVary(response, 'accept')
  if (!asksForPage(request))
    return sendJson(response, 404, { message: UNKNOWN_ADDRESS }, { 'cache-control': 'no-store' })
  const language = languageOf(request)
  const { missing, open } = WORDS[language === 'zh-Hans' ? language : 'en']
  const address = startPage(pathname)
  const link = address === null ? null : { address, label: open }
  const { markup } = renderNoticePage({ text: missing, link, language })
  addVary(response, 'accept-language')
  await sendText(request, response, 404, markup, NOTICE_HEADERS)
}

/** Whether a request is that of a browser that opens an address: programs do not name HTML. */
function asksForPage({ method, headers }: IncomingMessage): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  const named = readPreferences(headers.accept ?? '').find(({ value }) => value === 'text/html')
  return named !== undefined && named.quality > 0
}
