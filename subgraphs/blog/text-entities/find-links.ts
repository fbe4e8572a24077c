/** An address in a text. `start` counts UTF-16 code units. */
export type FoundLink = { start: number; address: string }

const ADDRESS = /https?:\/\/[^\s<>"\u3000-\u303f\uff00-\uffef]+/giu
const SENTENCE_END = new Set(".,;:!?…'*_~")
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
