import { boundCombiningMarks } from './combining-marks.ts'
import { withoutHiddenTags, withoutInvisible } from './invisible-characters.ts'

const LINE_ENDS = /\r\n?|[\u0085\u2028\u2029]/g
// Control characters are useless in a text, and PostgreSQL cannot store NUL.
const CONTROLS = /[\p{Cc}--[\n\t]]/gv
// U+202A to U+202E change the order of the characters that follow, so a text could read as something else. The isolates
// U+2066 to U+2069 stay: they end with their paragraph, and well-behaved keyboards use them.
const BIDI_OVERRIDES = /[\u202A-\u202E]/g
// Zero-width characters and fillers are useful inside words of many scripts, but on their own they show nothing.
const VISIBLE =
  /[^\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{M}\p{Noncharacter_Code_Point}\u2800\uFFFC\u{1D159}]/u

/**
 * Returns a text of several lines in the form that is stored: well-formed, in NFC, with `\n` as the only line end, few
 * combining marks per letter, and no invisible end. Control characters and bidi overrides are removed rather than
 * refused, because users paste them without seeing them. Cleaning a clean text changes nothing.
 *
 * @returns an empty text if nothing in it is visible
 */
export function cleanText(text: string): string {
  const clean = boundCombiningMarks(
    withoutHiddenTags(
      text.toWellFormed().replace(LINE_ENDS, '\n').replace(CONTROLS, '').replace(BIDI_OVERRIDES, ''),
    ).normalize('NFC'),
  )
    // Marks that a removed mark kept apart may have another order now.
    .normalize('NFC')
    .trimEnd()
  return isVisible(clean) ? clean : ''
}

/**
 * Returns a text on one line, such as a title or a file name. It appears beside other text, so all invisible characters
 * are removed that do not change what is seen (see `withoutInvisible`). Cleaning a clean line changes nothing.
 */
export function cleanLine(text: string): string {
  const line = withoutInvisible(cleanText(text).replace(/\s+/g, ' ')).replace(/ +/g, ' ').trim()
  // Characters that were apart may combine now.
  return line === text ? line : cleanLine(line)
}

/** Whether a text has anything visible. */
function isVisible(text: string): boolean {
  return VISIBLE.test(text)
}

/** The length of a text as users count it: in code points, not in UTF-16 units. */
export function characterCount(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
