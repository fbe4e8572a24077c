import { addressOf } from '../../app/routes.ts'

// As users write it, also `#湖边#`, with the characters that the server accepts. The server decides what the same hashtag is.
const LETTER = '\\p{L}\\p{Nd}\\p{Nl}\\p{Pc}'
const INSIDE = '\\u200C\\u200D\\u00B7\\u30FB\\uFF65'
const WORD = `[${LETTER}](?:[${LETTER}\\p{M}]|[${INSIDE}](?=[${LETTER}]))*`
const HASHTAG = new RegExp(`^[#＃](${WORD})[#＃]?$`, 'u')
const HAS_LETTER = /\p{L}/u
const MAX_CHARACTERS = 100

/** The address of the posts with a hashtag; null if a text is not one hashtag. */
export function hashtagAddress(text: string): string | null {
  const tag = HASHTAG.exec(text.trim())?.[1] ?? ''
  const isHashtag = HAS_LETTER.test(tag) && [...tag].length <= MAX_CHARACTERS
  return isHashtag ? addressOf({ name: 'tag', id: tag }) : null
}
