import { foldText } from '../../../platform/text/fold-text.ts'

// Scripts without spaces between words, emoji, and Korean, where given names and particles are attached to other words.
const UNSPACED =
  /[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const RUNS = /[\p{L}\p{M}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}]+/gu
const PIECES = new RegExp(
  `(?:${UNSPACED.source}\\p{M}*)+|(?:(?!${UNSPACED.source})[\\p{L}\\p{M}\\p{N}])+`,
  'gu',
)
const LONGEST_WORD = 60

/**
 * The search words of some texts. For scripts with spaces these are the words. For emoji and scripts without spaces
 * they are each character and each pair of neighbors. A Chinese word of any length is found this way; trigrams would
 * find no word that is shorter than three characters.
 */
export function searchWords(...texts: readonly (string | null)[]): string[] {
  const words = new Set<string>()
  for (const text of texts) {
    for (const piece of piecesOf(text ?? '')) {
      for (const word of isUnspaced(piece) ? [...piece, ...pairs(piece)] : [shorten(piece)]) words.add(word)
    }
  }
  return [...words]
}

/**
 * Creates a PostgreSQL `tsquery` that matches if all words are present. For scripts with spaces, a prefix of a word is
 * enough. Null if the query contains nothing to search for.
 */
export function searchQuery(query: string): string | null {
  const terms = piecesOf(query).flatMap((piece) => {
    if (!isUnspaced(piece)) return [`'${shorten(piece)}':*`]
    const found = pairs(piece)
    return (found.length > 0 ? found : [piece]).map((word) => `'${word}'`)
  })
  return terms.length > 0 ? [...new Set(terms)].join(' & ') : null
}

function piecesOf(text: string): string[] {
  const normal = foldText(text)
  return (normal.match(RUNS) ?? []).flatMap((run) => run.match(PIECES) ?? [])
}

function isUnspaced(piece: string): boolean {
  return UNSPACED.test(piece)
}

function pairs(piece: string): string[] {
  const characters = [...piece]
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`)
}

function shorten(word: string): string {
  return [...word].slice(0, LONGEST_WORD).join('')
}
