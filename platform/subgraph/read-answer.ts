import { createAttachment } from '../attachment.ts'
import { readJsonInParts } from '../json-in-parts.ts'
import { pauses } from '../pauses.ts'

// `JSON.parse` takes 2 ms for it, and reading in parts takes two to three times as long.
const LARGE_BYTES = 1_000_000

const sizes = createAttachment<object, number>('size of the answer')

/**
 * Reads a subgraph's answer: one JSON text for each viewer, each in a line. Other requests are served while many or large
 * ones are read.
 */
export async function readAnswer(body: Buffer): Promise<unknown[]> {
  const results: unknown[] = []
  const pause = pauses()
  let start = 0
  do {
    const end = body.indexOf('\n', start)
    const line = body.subarray(start, end === -1 ? body.length : end)
    const result: unknown =
      line.length > LARGE_BYTES ? await readJsonInParts(line) : JSON.parse(line.toString())
    if (typeof result === 'object' && result !== null) sizes.set(result, line.length)
    results.push(result)
    start += line.length + 1
    await pause()
  } while (start < body.length)
  return results
}

/** The size in bytes of a result that `readAnswer` read; 0 for other objects. */
export function sizeOf(result: object): number {
  return sizes.get(result) ?? 0
}
