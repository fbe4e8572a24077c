import { foldText } from '../../../platform/text/fold-text.ts'

const BETWEEN_WORDS = /[\p{P}\p{Z}\p{C}]+/gu

/** A name as search compares it: folded (see `foldText`), without punctuation; words are separated by one space. */
export function foldName(name: string): string {
  return foldText(name).replace(BETWEEN_WORDS, ' ').trim()
}

// Written without spaces, so that a word may begin at any character. Korean given names follow the family name without
// one and are searched for alone.
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

/**
 * The ends of a folded name that begin where a word does, or a character of a script without spaces: a name has a query
 * in it at such a place if and only if one of these begins with the query.
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

/** What is kept of a user for being found. */
export type SearchEntry = { searchName: string; keys: string[] }

/** What is kept of a user with this handle and display name. */
export function searchEntry(handle: string, displayName: string): SearchEntry {
  const [foldedHandle, foldedName] = [foldName(handle), foldName(displayName)]
  return {
    searchName: `${foldedHandle} ${foldedName}`.trim(),
    keys: [...new Set([...searchKeys(foldedHandle), ...searchKeys(foldedName)])],
  }
}
