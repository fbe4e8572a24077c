import { createAttachment } from '../attachment.ts'
import { readJsonInParts } from '../json-in-parts.ts'
import { pauses } from '../pauses.ts'

// `JSON.parse` takes 2 ms for it, and reading in parts takes two to three times as long.
const LARGE_BYTES = 1_000_000

const sizes = createAttachment<object, number>('size of the answer')

/** Reads a service's answer for one viewer: a JSON text. Other requests are served while a large one is read. */
export async function readAnswer(body: Buffer): Promise<unknown> {
  const result: unknown =
    body.length > LARGE_BYTES ? await readJsonInParts(body) : JSON.parse(body.toString())
  if (typeof result === 'object' && result !== null) sizes.set(result, body.length)
  return result
}

/** Reads a service's answer for several viewers: a JSON text for each, each in a line. Other requests are served meanwhile. */
export async function readJoinedAnswer(body: Buffer): Promise<unknown[]> {
  const results: unknown[] = []
  const pause = pauses()
  for (let start = 0; start < body.length; ) {
    const end = body.indexOf('\n', start)
    const line = body.subarray(start, end === -1 ? body.length : end)
    results.push(await readAnswer(line))
    start += line.length + 1
    await pause()
  }
  return results
}

/** The size in bytes of a result that `readAnswer` read; 0 for other objects. */
export function sizeOf(result: object): number {
  return sizes.get(result) ?? 0
}
