import { MediaDocument } from '../../../generated/graphql/web.ts'
import { ask } from './client.ts'

const FIRST_WAIT_MS = 2_000
const LONGEST_WAIT_MS = 30_000
/** About ten minutes. */
const MOST_ATTEMPTS = 25

/**
 * Asks for a media file that is being prepared, with growing pauses, until it is ready or has failed. The answers go to the cache,
 * and from there to everything that shows the file: its picture may be made after the file can be played.
 */
export async function followPreparation(id: string, signal: AbortSignal): Promise<void> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt)
    await new Promise((resolve) => setTimeout(resolve, waitMs))
    if (signal.aborted) return
    const found = await ask(MediaDocument, { id }).catch(() => null)
    if (found && found.media?.state !== 'PROCESSING') return
  }
}
