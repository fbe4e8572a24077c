import { parseChunked, stringifyChunked } from '@discoveryjs/json-ext'
import { pauses } from './pauses.ts'

const PART = 64 * 1024

/**
 * Writes a value as JSON, in parts that together are the text. Other requests are served between them. Takes as long as
 * `JSON.stringify` if there are long texts, and twice as long if there are many values.
 */
export async function* writeJsonInParts(value: unknown): AsyncGenerator<string, void, undefined> {
  const pause = pauses()
  for (const part of stringifyChunked(value)) {
    yield part
    await pause()
  }
}

/** Reads a JSON text in UTF-8, in parts. Other requests are served between them. */
export async function readJsonInParts(bytes: Buffer): Promise<unknown> {
  // The library would lose such a key. In a text, the quotes are escaped.
  if (bytes.includes('"__proto__"')) return JSON.parse(bytes.toString())
  return parseChunked(async function* () {
    // The library's own decoder takes U+FEFF at the beginning of a part for a byte order mark, and drops it.
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
    const pause = pauses()
    for (let start = 0; start < bytes.length; start += PART) {
      yield decoder.decode(bytes.subarray(start, start + PART), { stream: true })
      await pause()
    }
  })
}
