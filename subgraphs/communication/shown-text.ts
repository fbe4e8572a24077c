// Control characters, line and paragraph separators, lone surrogates, and the invisible format characters: zero-width
// ones let two names look alike, bidirectional ones (Unicode TR 36 §2.5.1) let a text show in an order it does not have.
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u

// The joiner inside an emoji such as 👩‍🚀 is the one format character that a phone's keyboard types (Unicode TR 51 §2.3).
const EMOJI_JOINER =
  /(?<=\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F)\u200D(?=\p{Extended_Pictographic})/gu

// Blank Hangul fillers, variation selectors and the like leave nothing to see; so does an empty Braille cell.
const VISIBLE = /[^\s\p{Default_Ignorable_Code_Point}\u2800]/u

/** What is wrong with a text that people are shown; see `shownText`. */
export type TextProblem = 'empty' | 'too long' | 'invisible characters'

/**
 * Brings a text that is shown to others into its one form: Unicode NFC, without space around it.
 *
 * @param max in characters (code points)
 * @param lines whether it may have several; they end with `\n`
 * @returns the text, or what is wrong with it
 */
export function shownText(
  text: string,
  max: number,
  { lines = false }: { lines?: boolean } = {},
): { text: string } | { problem: TextProblem } {
  // Before normalising, so that a text of megabytes costs nothing; NFC never makes a text more than 3 times longer.
  if (text.length > max * 12) return { problem: 'too long' }
  const normal = (lines ? text.replace(/\r\n?/g, '\n') : text).normalize('NFC').trim()
  const unbroken = lines ? normal.replaceAll('\n', ' ') : normal
  if (FORBIDDEN.test(unbroken.replace(EMOJI_JOINER, ''))) return { problem: 'invisible characters' }
  if (!VISIBLE.test(normal)) return { problem: 'empty' }
  return [...normal].length > max ? { problem: 'too long' } : { text: normal }
}
