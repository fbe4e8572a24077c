import { addressOf } from '../../app/routes.ts'

// As users write it, also `#湖边#`. The server decides what the same hashtag is.
const HASHTAG = /^[#＃](?=.*\p{L})([\p{L}\p{M}\p{N}_]{1,100})[#＃]?$/u

/** The address of the posts with a hashtag; null if a text is not one hashtag. */
export function hashtagAddress(text: string): string | null {
  const tag = HASHTAG.exec(text.trim())?.[1]
  return tag === undefined ? null : addressOf({ name: 'tag', id: tag })
}
