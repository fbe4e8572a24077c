import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from './log.ts'

/** Data that a service must load before it can do some of its work; see `startCatchUp`. */
export type CatchUp = {
  /** Whether the data is loaded. */
  isDone(): boolean
  /** Stops trying. */
  stop(): Promise<void>
}

const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 1_000

/**
 * Runs a step in the background and retries it until it succeeds once. Retries are needed because the service that the
 * step calls may start later than this process.
 *
 * @param what names the work in the log
 */
export function startCatchUp(what: string, step: () => Promise<void>, log: Log): CatchUp {
  const stopped = new AbortController()
  let isDone = false
  const run = async () => {
    for (
      let pauseMs = FIRST_PAUSE_MS;
      !stopped.signal.aborted;
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)
    ) {
      try {
        await step()
        isDone = true
        return
      } catch (error) {
        log.debug({ err: error, what }, 'catching up failed; retrying')
      }
      await sleep(pauseMs, undefined, { signal: stopped.signal }).catch(() => {})
    }
  }
  const running = run()
  return {
    isDone: () => isDone,
    async stop() {
      stopped.abort()
      await running
    },
  }
}
