import { pauses } from './pauses.ts'

// Takes about a millisecond.
const PART = 256 * 1024

/**
 * Encodes a long text as UTF-8, in parts. Other requests are served between them.
 *
 * @param text may contain any characters; unpaired surrogates become U+FFFD
 */
export async function* encodeInParts(text: string): AsyncGenerator<Buffer, void, undefined> {
  const pause = pauses()
  for (let start = 0; start < text.length; ) {
    const end = endOfPart(text, start + PART)
    yield Buffer.from(text.slice(start, end))
    start = end
    await pause()
  }
}

// The two halves of a character outside the basic plane must stay together.
function endOfPart(text: string, end: number): number {
  const isHigh = (text.charCodeAt(end - 1) & 0xfc00) === 0xd800
  const isLow = (text.charCodeAt(end) & 0xfc00) === 0xdc00
  return isHigh && isLow ? end + 1 : end
}
