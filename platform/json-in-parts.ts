import { parseChunked, stringifyChunked } from '@discoveryjs/json-ext'
import { pauses } from './pauses.ts'

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

/** Reads the parts of a JSON text. Other requests are served between them. */
export function readJsonInParts(parts: Iterable<Uint8Array>): Promise<unknown> {
  return parseChunked(async function* () {
    const pause = pauses()
    for (const part of parts) {
      yield part
      await pause()
    }
  })
}
