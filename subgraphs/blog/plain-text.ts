const LINE_ENDS = /\r\n?|[\u0085\u2028\u2029]/g
// Control characters do nothing good in a text; PostgreSQL can't even store NUL.
const CONTROLS = /[\p{Cc}--[\n\t]]/gv
// U+202A to U+202E turn the order of what follows, so that a text can be made to read as what it is not. The isolates
// U+2066 to U+2069 stay: they end with their paragraph and well-behaved keyboards use them.
const BIDI_OVERRIDES = /[\u202A-\u202E]/g
// Zero-width characters and fillers have their use inside words of many scripts, but alone they show nothing.
const VISIBLE = /[^\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u

/**
 * Plain text as it is stored: well-formed, NFC, `\n` as the only line end, nothing at the end that does not show.
 * Control characters and bidi overrides are taken out rather than refused, since they arrive by pasting, unseen.
 */
export function cleanText(text: string): string {
  const clean = text
    .toWellFormed()
    .replace(LINE_ENDS, '\n')
    .replace(CONTROLS, '')
    .replace(BIDI_OVERRIDES, '')
    .normalize('NFC')
    .trimEnd()
  return VISIBLE.test(clean) ? clean : ''
}

/**
 * A name on one line. It stands beside other text, so isolates go too: an unfinished one would turn what follows.
 */
export function cleanLine(text: string): string {
  return cleanText(text)
    .replace(/[\u2066-\u2069]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

/** A text's length as people count it against a limit: in code points, not UTF-16 units. */
export function characterCount(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
