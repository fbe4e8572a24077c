// Letters that no Unicode decomposition takes apart, and what people type for them.
const LETTERS: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  ŋ: 'n',
  ς: 'σ',
}
const UNDECOMPOSED = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu')

// The accents of Latin, Greek and Cyrillic letters. Not the vowel signs of other scripts, nor U+3099 and U+309A, which
// make another syllable of a Japanese one.
const ACCENTS = /[\u0300-\u036F]/g
const KATAKANA = /[\u30A1-\u30F6]/g
const KATAKANA_TO_HIRAGANA = 0x60
const BETWEEN_WORDS = /[\p{P}\p{Z}\p{C}]+/gu

/**
 * A name as search compares it: without regard to letter case, accents, width (NFKD), katakana or hiragana, and
 * punctuation; words are separated by one space.
 */
export function foldName(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(ACCENTS, '')
    .replace(UNDECOMPOSED, (letter) => LETTERS[letter] ?? letter)
    .normalize('NFC')
    .replace(KATAKANA, (kana) => String.fromCodePoint((kana.codePointAt(0) ?? 0) - KATAKANA_TO_HIRAGANA))
    .replace(BETWEEN_WORDS, ' ')
    .trim()
}

// Written without spaces, so that a word may begin at any character.
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

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
