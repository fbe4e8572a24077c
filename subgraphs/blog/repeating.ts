import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../platform/log.ts'

/** Work that goes on in the background. */
export type Repeating = { stop(): Promise<void> }

const LONGEST_PAUSE_MS = 30_000

/**
 * Does something again and again until it is stopped, at growing intervals while it fails.
 *
 * @param what the work, as the log calls it
 */
export function startRepeating(
  what: string,
  work: () => Promise<void>,
  { everyMs, log }: { everyMs: number; log: Log },
): Repeating {
  const stopping = new AbortController()
  const loop = async () => {
    let pause = everyMs
    while (!stopping.signal.aborted) {
      const failure = await work().then(
        () => null,
        (error: unknown) => ({ error }),
      )
      if (failure && pause === everyMs) log.warn({ err: failure.error }, `${what} failed and is tried again`)
      pause = failure ? Math.min(pause * 2, LONGEST_PAUSE_MS) : everyMs
      await sleep(pause, null, { signal: stopping.signal, ref: false }).catch(() => {})
    }
  }
  const ended = loop()
  return {
    stop() {
      stopping.abort()
      return ended
    },
  }
}
