import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../log.ts'
import { timerDelay } from '../timer-delay.ts'

/** Work that a process repeats in the background. */
export type RecurringJob = {
  /** The name in the log. */
  name: string
  /**
   * The pause between two runs, in milliseconds. The actual pauses differ by up to a tenth, so that the replicas of a
   * service do not all run a job at the same moment. With `UNTIL_DONE`, the job ends with its first success.
   */
  everyMs: number | typeof UNTIL_DONE
  /** The pauses after failures, which double with each failure in succession; by default they depend on `everyMs`. */
  retry?: Retry
  /** Whether each worker process runs it, not only the first one; always true of jobs that run `UNTIL_DONE`. */
  inEveryProcess?: boolean
  /** The level at which failures are logged; `warn` by default. */
  logFailuresAt?: 'warn' | 'debug'
  /**
   * Does the work once. It never runs twice at the same time in one process, but other processes may run it meanwhile.
   *
   * @param signal is aborted when the process stops, which waits until the work ends
   */
  run(signal: AbortSignal): Promise<unknown>
}

/** The pauses after failures, in milliseconds. */
export type Retry = { firstMs: number; longestMs: number }

/** The jobs of a process, which run until they are stopped. */
export type RunningJobs = {
  /** Starts no more work, and resolves when the current work has ended. */
  stop(): Promise<void>
}

/** The value of `everyMs` for work that must succeed once. */
export const UNTIL_DONE = 'UNTIL_DONE'

const JITTER = 0.1
const LONGEST_FIRST_RETRY_MS = 30_000
const LEAST_LONGEST_RETRY_MS = 30_000

/** Starts jobs. Each runs now for the first time, independently of the others. */
export function startJobs(jobs: readonly RecurringJob[], log: Log): RunningJobs {
  const stopping = new AbortController()
  const running = jobs.map((job) => repeat(job, log, stopping.signal))
  return {
    async stop() {
      stopping.abort()
      await Promise.all(running)
    },
  }
}

async function repeat(job: RecurringJob, log: Log, signal: AbortSignal): Promise<void> {
  const { name, everyMs, logFailuresAt = 'warn' } = job
  for (let failures = 0; !signal.aborted; ) {
    const failure = await attempt(job, signal)
    if (!failure && everyMs === UNTIL_DONE) return
    failures = failure ? failures + 1 : 0
    const pauseMs = jittered(pauseAfter(job, failures))
    if (failure) {
      const retryInMs = Math.round(pauseMs)
      log[logFailuresAt]({ err: failure.error, job: name, failures, retryInMs }, 'recurring job failed')
    }
    await sleep(timerDelay(pauseMs), undefined, { signal, ref: false }).catch(() => {})
  }
}

async function attempt({ run }: RecurringJob, signal: AbortSignal): Promise<{ error: unknown } | null> {
  try {
    await run(signal)
    return null
  } catch (error) {
    return { error }
  }
}

/** The pause before the next run, in milliseconds. `failures` counts the failures since the last success. */
function pauseAfter({ everyMs, retry }: RecurringJob, failures: number): number {
  if (failures === 0 && everyMs !== UNTIL_DONE) return everyMs
  const { firstMs, longestMs } = retry ?? usualRetry(everyMs)
  return Math.min(firstMs * 2 ** (failures - 1), longestMs)
}

// A job that is rarely due is retried sooner than that, and a job that is often due later.
function usualRetry(everyMs: RecurringJob['everyMs']): Retry {
  const usualMs = everyMs === UNTIL_DONE ? 1_000 : everyMs
  return {
    firstMs: Math.min(2 * usualMs, LONGEST_FIRST_RETRY_MS),
    longestMs: Math.max(usualMs, LEAST_LONGEST_RETRY_MS),
  }
}

function jittered(milliseconds: number): number {
  return milliseconds * (1 + JITTER * (2 * Math.random() - 1))
}
