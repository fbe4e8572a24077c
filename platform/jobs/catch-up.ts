import { type RecurringJob, UNTIL_DONE } from './jobs.ts'

/** Data that a service must load once before it can do some of its work. */
export type CatchUp = {
  /** Loads the data, and retries until it succeeds. */
  job: RecurringJob
  /** Whether the data is loaded. */
  isDone(): boolean
}

/**
 * Creates a job that runs a step until it succeeds once. Retries are needed because the service that the step calls may
 * start later than this process.
 *
 * @param name names the job in the log
 */
export function createCatchUp(name: string, step: () => Promise<void>): CatchUp {
  let isDone = false
  return {
    job: {
      name,
      everyMs: UNTIL_DONE,
      retry: { firstMs: 50, longestMs: 1_000 },
      // When all services start together, the first attempts usually fail.
      logFailuresAt: 'debug',
      async run() {
        await step()
        isDone = true
      },
    },
    isDone: () => isDone,
  }
}
