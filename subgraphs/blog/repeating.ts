import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../platform/log.ts'

/** Work that repeats in the background. */
export type Repeating = { stop(): Promise<void> }

const LONGEST_PAUSE_MS = 30_000

/**
 * Repeats some work until it is stopped. While the work fails, the pauses grow.
 *
 * @param task the name of the task in the log
 */
export function startRepeating(
  task: string,
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
      if (failure && pause === everyMs) log.warn({ err: failure.error, task }, 'background task failed')
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
