import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../clock.ts'
import { timerDelay } from '../timer-delay.ts'
import type { RecurringJob } from './jobs.ts'

// Longer than the longest pause between two runs, so that everything is found before it is due.
const AHEAD_MS = 1_500

const EVERY_MS = 1_000

// Short, so that work that keeps failing does not delay other work.
const RETRY = { firstMs: 100, longestMs: 1_000 }

/** Work that is due at instants that are known in advance. */
export type TimedWork<Item extends { at: Date }> = {
  /** The name in the log. */
  name: string
  clock: Clock
  /** Finds some items that are due at an instant or before, longest due first; none if there are none left. */
  findDue(at: Date): Promise<Item[]>
  /** Does the work of an item. Other processes may do it at the same time. Afterwards the item is not found any more. */
  work(item: Item): Promise<void>
}

/**
 * Creates a job that does work when it is due, within milliseconds, although it looks for work only once a second: it looks
 * ahead and waits. If some work fails, the rest is done, and the job tries again.
 *
 * @param everyMs how often it looks for work, in milliseconds
 */
export function timedJob<Item extends { at: Date }>(
  { name, clock, findDue, work }: TimedWork<Item>,
  everyMs = EVERY_MS,
): RecurringJob {
  const doInTime = async (item: Item, signal: AbortSignal) => {
    const early = item.at.getTime() - clock().getTime()
    if (early > 0) await sleep(timerDelay(early), undefined, { signal }).catch(() => {})
    if (!signal.aborted) await work(item)
  }
  return {
    name,
    everyMs,
    retry: RETRY,
    async run(signal) {
      while (!signal.aborted) {
        const items = await findDue(new Date(clock().getTime() + AHEAD_MS))
        if (items.length === 0) return
        const outcomes = await Promise.allSettled(items.map((item) => doInTime(item, signal)))
        const failed = outcomes.find(({ status }) => status === 'rejected')
        if (failed?.status === 'rejected') throw failed.reason
      }
    },
  }
}
