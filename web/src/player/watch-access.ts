import { pause } from './pause.ts'
import { probe } from './refusal.ts'

// The explanation has to be there within a second of the loss, and the API is asked in this time too.
const ASK_EVERY_MS = 500

/** What is watched while something plays. */
export type AccessWatch = {
  /** The address that plays; null if it needs no check at the moment. */
  address(): string | null
  /** Whether something plays at all. The watch ends when nothing does. */
  plays(): boolean
  onRefused(): Promise<void>
  signal: AbortSignal
}

/**
 * Notices that the viewer has lost the right to play something, while it plays: whatever a browser has loaded already plays
 * on without another request. No notification tells of a friendship that has ended, so the server of the bytes is asked,
 * which answers `HEAD` from memory.
 */
export function watchAccess({ address, plays, onRefused, signal }: AccessWatch): { start(): void } {
  let isWatching = false

  async function watch(): Promise<void> {
    while (plays()) {
      await pause(ASK_EVERY_MS, signal)
      const asked = plays() ? address() : null
      if (asked === null) continue
      const { trouble } = await probe(asked, signal)
      // The address may have been renewed meanwhile.
      if (trouble === 'REFUSED' && asked === address()) await onRefused()
    }
  }

  return {
    start() {
      if (isWatching || signal.aborted) return
      isWatching = true
      void watch()
        // Nothing is watched any more when the player is gone.
        .catch(() => {})
        .finally(() => {
          isWatching = false
        })
    },
  }
}
