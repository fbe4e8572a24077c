import { findLinks } from '../text-entities/find-links.ts'
import { type Html, type HtmlValue, html } from './html.ts'

/**
 * Turns plain text into markup in which http and https addresses are links. The linked site does not learn which page
 * the link is on, and gets no access to the page.
 */
export function linkedText(text: string): Html {
  const parts: HtmlValue[] = []
  let end = 0
  for (const { start, address } of findLinks(text)) {
    parts.push(text.slice(end, start))
    parts.push(html`<a href="${address}" rel="nofollow noopener noreferrer">${address}</a>`)
    end = start + address.length
  }
  return html`${[...parts, text.slice(end)]}`
}
