/** An address in a text. `start` counts UTF-16 code units. */
export type FoundLink = { start: number; address: string }

// An address ends before quotation marks and dashes outside of ASCII, such as “ » —, and before invisible signs, such as those
// that set the direction of a text. In an address that a browser has copied, they are escaped, as in %E2%80%9C. Only the
// signs that join letters of Persian or Hindi and the parts of an emoji (U+200C, U+200D) may be inside.
const NOT_IN_ADDRESS = String.raw`\s<>"\u3000-\u303f\uff00-\uffef[\p{Pi}\p{Pf}][\p{Pd}--\-][\p{Cf}--[\u200c\u200d]]`
const ADDRESS = new RegExp(`https?://[^${NOT_IN_ADDRESS}]+`, 'giv')
const SENTENCE_END = new Set(".,;:!?…'*_~\u200c\u200d")
const OPENING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

/** Finds the http and https addresses in a text, in its order, and no more than `most`. */
export function findLinks(text: string, most = Number.POSITIVE_INFINITY): FoundLink[] {
  const links: FoundLink[] = []
  for (const match of text.matchAll(ADDRESS)) {
    if (links.length >= most) break
    const address = withoutSentenceEnd(match[0])
    if (URL.canParse(address)) links.push({ start: match.index, address })
  }
  return links
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
