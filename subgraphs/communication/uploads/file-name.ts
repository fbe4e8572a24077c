import { characterCount, cleanLine } from '../../../platform/text/clean-text.ts'
import { shorten } from '../../../platform/text/shorten.ts'

// The longest path that systems accept, in bytes. A file name is not longer.
const MAX_BYTES = 4_096

/**
 * Validates a file name. Cameras and downloads choose some of its characters, not users. Invisible characters are
 * therefore removed and not refused, and a name that is too long is shortened before its extension.
 *
 * @param most in characters (code points)
 * @returns null if the text cannot be a name
 */
export function readFileName(text: string, most: number): string | null {
  if (text.length > MAX_BYTES || Buffer.byteLength(text) > MAX_BYTES) return null
  const name = cleanLine(text)
  if (name === '') return null
  const extension = /\.[a-z0-9]{1,10}$/i.exec(name)?.[0] ?? ''
  if (characterCount(name) <= most) return name
  return shorten(name.slice(0, name.length - extension.length), most - extension.length, '…') + extension
}
