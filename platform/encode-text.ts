import { nextTurn, pauses } from './pauses.ts'

const PART = 64 * 1024

/**
 * Encodes a text as UTF-8. Other requests are served between the parts of a long text.
 *
 * @param text may contain any characters; unpaired surrogates become U+FFFD
 */
export async function encodeText(text: string): Promise<Buffer> {
  if (text.length <= PART) return Buffer.from(text)
  const pause = pauses()
  // A text that has just been put together is in pieces, and reading its first character joins them.
  await nextTurn()
  const parts: Buffer[] = []
  for (let start = 0; start < text.length; ) {
    const end = endOfPart(text, start + PART)
    parts.push(Buffer.from(text.slice(start, end)))
    start = end
    await pause()
  }
  return Buffer.concat(parts)
}

// The two halves of a character outside the basic plane must stay together.
function endOfPart(text: string, end: number): number {
  const isHigh = (text.charCodeAt(end - 1) & 0xfc00) === 0xd800
  const isLow = (text.charCodeAt(end) & 0xfc00) === 0xdc00
  return isHigh && isLow ? end + 1 : end
}
