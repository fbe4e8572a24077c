import { characterCount, cleanLine, cleanText } from './clean-text.ts'
import { hasSuspiciousInvisible, withoutInvisible } from './invisible-characters.ts'

// Control characters, line and paragraph separators and lone surrogates; nobody types them into a name.
const NEVER_IN_NAMES = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u

/** Why a text can't be a name that other people read; see `readName`. */
export type NameProblem = 'empty' | 'too long' | 'invisible characters'

/**
 * Reads a name, which other people take for somebody: one that has characters nobody types without meaning to, and that
 * nobody sees, is refused. Everything else that `cleanLine` removes is removed.
 *
 * @param max in characters (code points)
 * @param lines whether it may have several lines; they end with `\n`
 * @returns the clean text, or the problem
 */
export function readName(
  text: string,
  max: number,
  { lines = false }: { lines?: boolean } = {},
): { text: string } | { problem: NameProblem } {
  // Before anything else, so that a text of megabytes costs nothing; NFC never makes a text more than 3 times longer.
  if (text.length > max * 12) return { problem: 'too long' }
  const trimmed = (lines ? text.replace(/\r\n?/g, '\n') : text).trim()
  const unbroken = lines ? trimmed.replaceAll('\n', ' ') : trimmed
  const clean = lines ? cleanText(withoutInvisible(trimmed)) : cleanLine(trimmed)
  if (NEVER_IN_NAMES.test(unbroken)) return { problem: 'invisible characters' }
  if (clean === '') return { problem: 'empty' }
  if (hasSuspiciousInvisible(unbroken)) return { problem: 'invisible characters' }
  return characterCount(clean) > max ? { problem: 'too long' } : { text: clean }
}
