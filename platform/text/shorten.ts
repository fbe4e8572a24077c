import { characterCount } from './clean-text.ts'

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/**
 * Returns the beginning of a text, at most `most` code points long. A visible character that consists of several code
 * points, such as an emoji or a letter with accents, is kept whole or left out.
 *
 * @param most the limit in code points, including the ending
 * @param ending is appended if something was left out
 */
export function shorten(text: string, most: number, ending = '…'): string {
  if (text.length <= most || characterCount(text) <= most) return text
  const room = most - characterCount(ending)
  let kept = ''
  let count = 0
  for (const { segment } of graphemes.segment(text)) {
    count += characterCount(segment)
    if (count > room) break
    kept += segment
  }
  // A chain of joined emoji can be longer than the limit. It is cut, because otherwise nothing would be left.
  const start = kept === '' ? [...text].slice(0, room).join('') : kept
  return start.trimEnd() + ending
}

/** A text on one line, shortened. */
export function shortenLine(text: string, most: number): string {
  return shorten(text.replace(/\s+/g, ' ').trim(), most)
}
