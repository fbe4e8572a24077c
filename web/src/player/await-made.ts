import type { MediaAddresses, Renew } from './player-media.ts'

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000
/** About a quarter of an hour. After that, the user is asked to try again. */
export const MOST_ATTEMPTS = 35

/** What became of a media file that was being made. */
export type Made = { addresses: MediaAddresses } | 'ENDED' | 'TOO_LONG'

/** How long to wait before an attempt, counted from 0: twice as long each time, up to half a minute. */
export function waitBefore(attempt: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt, 16))
}

/**
 * Asks for new addresses, with growing pauses, until there is something to play. A connection that is lost is waited for
 * too. Rejects if the signal aborts.
 *
 * @param isMade whether these addresses can be played
 */
export async function awaitMade(
  renew: () => ReturnType<Renew>,
  isMade: (addresses: MediaAddresses) => boolean,
  pause: (ms: number) => Promise<void>,
): Promise<Made> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    await pause(waitBefore(attempt))
    const addresses = await renew().catch(() => undefined)
    if (addresses === null) return 'ENDED'
    if (addresses && isMade(addresses)) return { addresses }
  }
  return 'TOO_LONG'
}
