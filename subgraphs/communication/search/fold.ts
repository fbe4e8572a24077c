import { foldText } from '../../../platform/text/fold-text.ts'

const BETWEEN_WORDS = /[\p{P}\p{Z}\p{C}]+/gu

/** Normalizes a name for search: folded (see `foldText`), without punctuation, and with one space between words. */
export function foldName(name: string): string {
  return foldText(name).replace(BETWEEN_WORDS, ' ').trim()
}

// Scripts that are written without spaces, so a word may begin at any character. Korean given names follow the family
// name without a space and are searched for alone.
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

/**
 * Returns the suffixes of a folded name that start at a word, or at a character of a script without spaces. A name
 * contains a query at such a place if and only if one of these suffixes begins with the query.
 */
export function searchKeys(folded: string): string[] {
  const characters = [...folded]
  const keys = characters.flatMap((character, index) => {
    if (character === ' ') return []
    const isStart = index === 0 || characters[index - 1] === ' ' || UNSPACED.test(character)
    return isStart ? [characters.slice(index).join('')] : []
  })
  return [...new Set(keys)]
}

/** The search data of a user. */
export type SearchEntry = { searchName: string; keys: string[] }

/** Returns the search data for a handle and a display name. */
export function searchEntry(handle: string, displayName: string): SearchEntry {
  const [foldedHandle, foldedName] = [foldName(handle), foldName(displayName)]
  return {
    searchName: `${foldedHandle} ${foldedName}`.trim(),
    keys: [...new Set([...searchKeys(foldedHandle), ...searchKeys(foldedName)])],
  }
}
