import { characterCount } from './clean-text.ts'

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/**
 * The beginning of a text, of at most so many characters. What is seen as one character, such as an emoji of several
 * code points or a letter with its accents, is kept whole or left out.
 *
 * @param most in code points, the ending included
 * @param ending stands where something was left out
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
  // Emoji can be joined without end, and nothing of them would be left.
  const start = kept === '' ? [...text].slice(0, room).join('') : kept
  return start.trimEnd() + ending
}

/** A text on one line, shortened. */
export function shortenLine(text: string, most: number): string {
  return shorten(text.replace(/\s+/g, ' ').trim(), most)
}
