import { tooCostly } from './work.ts'

// More than any operation may bring together, with what JSON adds.
const MAX_ANSWER_BYTES = 32 * 1024 ** 2

const sizes = new WeakMap<object, number>()

/**
 * Reads a subgraph's answer, which is JSON, while it stays within a size.
 *
 * @throws VisibleError `OPERATION_TOO_COSTLY` where it does not
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
  const answer: unknown = JSON.parse(Buffer.concat(chunks, size).toString())
  const results: readonly unknown[] = Array.isArray(answer) ? answer : [answer]
  for (const result of results) {
    if (typeof result === 'object' && result !== null) sizes.set(result, size / results.length)
  }
  return answer
}

/** How many bytes a result was that `readAnswer` read; 0 for any other. */
export function sizeOf(result: object): number {
  return sizes.get(result) ?? 0
}
