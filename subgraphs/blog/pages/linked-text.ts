import { type Html, type HtmlValue, html } from './html.ts'

const ADDRESS = /https?:\/\/[^\s<>"'\u3000-\u303f\uff00-\uffef]+/giu
// What ends a sentence after an address is not part of it.
const TRAILING = /[.,;:!?…)\]}'"*_~]+$/u

/**
 * Plain text with its http and https addresses made into links. What an address leads to learns neither where it was
 * followed from nor gets hold of the page.
 */
export function linkedText(text: string): Html {
  const parts: HtmlValue[] = []
  let end = 0
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TRAILING, '')
    if (!URL.canParse(address)) continue
    parts.push(text.slice(end, match.index))
    parts.push(html`<a href="${address}" rel="nofollow noopener noreferrer">${address}</a>`)
    end = match.index + address.length
  }
  return html`${[...parts, text.slice(end)]}`
}
