import { characterCount, cleanLine } from '../../../platform/text/clean-text.ts'
import { shorten } from '../../../platform/text/shorten.ts'

// What systems take as a path. A name of theirs is not longer.
const MAX_BYTES = 4_096

/**
 * Reads the name of a file. Users do not choose every character of it, their cameras and downloads do: what is not seen
 * is removed rather than refused, and what is too long is shortened before its extension.
 *
 * @param most in characters (code points)
 * @returns null where it can be no name
 */
export function readFileName(text: string, most: number): string | null {
  if (text.length > MAX_BYTES || Buffer.byteLength(text) > MAX_BYTES) return null
  const name = cleanLine(text)
  if (name === '') return null
  const extension = /\.[a-z0-9]{1,10}$/i.exec(name)?.[0] ?? ''
  if (characterCount(name) <= most) return name
  return shorten(name.slice(0, name.length - extension.length), most - extension.length, '…') + extension
}
