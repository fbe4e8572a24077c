import { characterCount, cleanLine, cleanText } from './clean-text.ts'
import { hasSuspiciousInvisible, withoutInvisible } from './invisible-characters.ts'

// Control characters, line and paragraph separators, lone surrogates, and what most fonts show as nothing: places of embedded
// objects, a note without a head, noncharacters, and the empty Braille cell except inside Braille. Nobody types them into a
// name.
const NEVER_IN_NAMES =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Noncharacter_Code_Point}\uFFFC\u{1D159}]|(?<![\u2800-\u28FF])\u2800|\u2800(?![\u2800-\u28FF])/u

/** Why a text cannot be a name that other users read; see `readName`. */
export type NameProblem = 'empty' | 'too long' | 'invisible characters'

/**
 * Reads a name. Other users recognize a user by the name, so it is refused if it has invisible characters that nobody
 * types by accident. Everything else that `cleanLine` removes is removed.
 *
 * @param max the limit in characters (code points)
 * @param lines whether the name may have several lines, which end with `\n`
 * @returns the clean text, or the problem
 */
export function readName(
  text: string,
  max: number,
  { lines = false }: { lines?: boolean } = {},
): { text: string } | { problem: NameProblem } {
  // Checked first, so that a text of megabytes costs nothing. NFC never makes a text more than 3 times longer.
  if (text.length > max * 12) return { problem: 'too long' }
  const trimmed = (lines ? text.replace(/\r\n?/g, '\n') : text).trim()
  const unbroken = lines ? trimmed.replaceAll('\n', ' ') : trimmed
  const clean = lines ? cleanText(withoutInvisible(trimmed)) : cleanLine(trimmed)
  if (clean === '') return { problem: 'empty' }
  if (NEVER_IN_NAMES.test(unbroken)) return { problem: 'invisible characters' }
  if (hasSuspiciousInvisible(unbroken)) return { problem: 'invisible characters' }
  return characterCount(clean) > max ? { problem: 'too long' } : { text: clean }
}
