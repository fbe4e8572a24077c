import { characterCount } from '../../../platform/text/clean-text.ts'
import { foldText } from '../../../platform/text/fold-text.ts'

/** A hashtag in a text. `start` counts UTF-16 code units. */
export type FoundHashtag = {
  start: number
  length: number
  /** The hashtag as it is in the text, without the sign before it. */
  tag: string
}

/** The maximum length of a hashtag, in characters. */
const MAX_CHARACTERS = 100

// The characters of hashtags come from Unicode UAX #31 (R8, hashtag identifiers): letters, marks, digits and underscores.
// Joiners inside words belong to the spelling of Persian and Indic languages, and so do the middle dots of Catalan
// (U+00B7) and Japanese (U+30FB, U+FF65). Emoji are left out, because they mostly follow a hashtag without a space.
const LETTER = '\\p{L}\\p{Nd}\\p{Nl}\\p{Pc}'
const INSIDE = '\\u200C\\u200D\\u00B7\\u30FB\\uFF65'
const WORD = `[${LETTER}](?:[${LETTER}\\p{M}]|[${INSIDE}](?=[${LETTER}]))*`

// Not after a letter or digit, as UAX #31 recommends. The signs of emoji such as 1️⃣ end one. The sign is read before what is
// before it, so that the time grows with the length of the text only.
const EMOJI_SIGNS = '\\uFE0E\\uFE0F\\u20E3'
const HASHTAG = new RegExp(`[#＃](?<![${LETTER}][\\p{M}--[${EMOJI_SIGNS}]]*[#＃])(${WORD})`, 'gv')
const ALONE = new RegExp(`^[#＃]?(${WORD})$`, 'v')
const HAS_LETTER = /\p{L}/u

/** Finds the hashtags in a text, in its order. */
export function findHashtags(text: string): FoundHashtag[] {
  return [...text.matchAll(HASHTAG)].flatMap((match) => {
    const tag = match[1] ?? ''
    return isHashtag(tag) ? [{ start: match.index, length: match[0].length, tag }] : []
  })
}

/**
 * The form by which posts with a hashtag are found. Two hashtags with the same key are the same hashtag. Null if nothing is
 * left, or too much: some letters stand for many.
 */
export function hashtagKey(tag: string): string | null {
  const key = foldText(tag)
  return key === '' || characterCount(key) > MAX_CHARACTERS ? null : key
}

/** The key of a hashtag that was typed alone, with or without the sign before it; null if it cannot be a hashtag. */
export function typedHashtagKey(typed: string): string | null {
  const tag = ALONE.exec(typed.trim())?.[1]
  return tag !== undefined && isHashtag(tag) ? hashtagKey(tag) : null
}

/** Digits alone are a number, not a hashtag. */
function isHashtag(tag: string): boolean {
  return HAS_LETTER.test(tag) && characterCount(tag) <= MAX_CHARACTERS
}
