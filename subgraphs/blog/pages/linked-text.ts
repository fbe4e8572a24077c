import { type Html, type HtmlValue, html } from './html.ts'

const ADDRESS = /https?:\/\/[^\s<>"\u3000-\u303f\uff00-\uffef]+/giu
const SENTENCE_END = new Set(".,;:!?…'*_~")
const OPENING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

/**
 * Turns plain text into markup in which http and https addresses are links. The linked site does not learn which page
 * the link is on, and gets no access to the page.
 */
export function linkedText(text: string): Html {
  const parts: HtmlValue[] = []
  let end = 0
  for (const match of text.matchAll(ADDRESS)) {
    const address = withoutSentenceEnd(match[0])
    if (!URL.canParse(address)) continue
    parts.push(text.slice(end, match.index))
    parts.push(html`<a href="${address}" rel="nofollow noopener noreferrer">${address}</a>`)
    end = match.index + address.length
  }
  return html`${[...parts, text.slice(end)]}`
}

// Punctuation that ends a sentence is not part of the address. Neither is a closing bracket whose opening bracket is
// not in the address.
function withoutSentenceEnd(text: string): string {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let end = text.length
  while (end > 0) {
    const last = text.charAt(end - 1)
    const opening = OPENING[last]
    const isUnopened = opening !== undefined && (counts.get(last) ?? 0) > (counts.get(opening) ?? 0)
    if (!SENTENCE_END.has(last) && !isUnopened) break
    counts.set(last, (counts.get(last) ?? 0) - 1)
    end--
  }
  return text.slice(0, end)
}
