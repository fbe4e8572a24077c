import type { IncomingMessage } from 'node:http'
import { addVary, sendText } from '../../platform/http/compress.ts'
import { readPreferences } from '../../platform/http/preferences.ts'
import { sendJson, UNKNOWN_ADDRESS } from '../../platform/http/respond.ts'
import type { Route } from '../../platform/http/routes.ts'
import { NOTICE_HEADERS, renderNoticePage } from '../../platform/pages/notice-page.ts'
import { languageOf, type WrittenLanguage } from '../../platform/pages/page-language.ts'

const WORDS: Readonly<Record<WrittenLanguage, { missing: string; open: string }>> = {
  en: { missing: 'This page does not exist.', open: 'Open Moblog' },
  'zh-Hans': { missing: '此页面不存在。', open: '打开 Moblog' },
}

/** Answers a request for an address that does not exist: with a page if a browser asks for one, and otherwise as JSON. */
export const answerUnknownAddress: Route['handle'] = async (request, response, { pathname }) => {
  addVary(response, 'accept')
  if (!asksForPage(request))
    return sendJson(response, 404, { message: UNKNOWN_ADDRESS }, { 'cache-control': 'no-store' })
  const language = languageOf(request)
  const { missing, open } = WORDS[language === 'zh-Hans' ? language : 'en']
  // Relative, because a proxy may serve the product below a path.
  const address = '../'.repeat(pathname.split('/').length - 2) || './'
  const { markup } = renderNoticePage({ text: missing, link: { address, label: open }, language })
  addVary(response, 'accept-language')
  await sendText(request, response, 404, markup, NOTICE_HEADERS)
}

/** Whether a request is that of a browser that opens an address: programs do not name HTML. */
function asksForPage({ method, headers }: IncomingMessage): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  const named = readPreferences(headers.accept ?? '').find(({ value }) => value === 'text/html')
  return named !== undefined && named.quality > 0
}
