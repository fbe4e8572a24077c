import { readJsonInParts } from '../json-in-parts.ts'
import { tooCostly } from './work.ts'

// More than any operation may return, plus the overhead of JSON.
const MAX_ANSWER_BYTES = 32 * 1024 ** 2

// `JSON.parse` takes 2 ms for it, and reading in parts takes two to three times as long.
const LARGE_BYTES = 1_000_000

const sizes = new WeakMap<object, number>()

/**
 * Reads a subgraph's JSON answer, up to a size limit. Other requests are served while a large one is read.
 *
 * @throws VisibleError `OPERATION_TOO_COSTLY` if the answer is larger
 */
export async function readAnswer(
  body: AsyncIterable<Uint8Array>,
  maxBytes = MAX_ANSWER_BYTES,
): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    // Leaving the loop ends the transfer.
    if (size > maxBytes) throw tooCostly(`more than ${maxBytes} bytes from one service`)
    chunks.push(chunk)
  }
  const bytes = Buffer.concat(chunks, size)
  const answer: unknown = size > LARGE_BYTES ? await readJsonInParts(bytes) : JSON.parse(bytes.toString())
  const results: readonly unknown[] = Array.isArray(answer) ? answer : [answer]
  for (const result of results) {
    if (typeof result === 'object' && result !== null) sizes.set(result, size / results.length)
  }
  return answer
}

/** The size in bytes of a result that `readAnswer` read; 0 for other objects. */
export function sizeOf(result: object): number {
  return sizes.get(result) ?? 0
}
