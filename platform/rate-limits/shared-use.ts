import type { Log } from '../log.ts'
import type { Buckets } from './buckets.ts'

/** How much of a rate limit is used. 1 is the whole limit, which is free again after a minute. */
export type Use = { key: string; share: number }

/** Adds this process's use to that of all processes, and returns the sums. */
export type ShareUse = (uses: readonly Use[]) => Promise<readonly Use[]>

/** Reports the use of rate limits to the other processes; see `createSharedUse`. */
export type SharedUse = {
  /** Reports a bucket soon if enough was added to it. */
  note(key: string): void
  close(): Promise<void>
}

// Less than this is not worth a report. A page of a friend's moblog is less than a hundredth of the limit.
const REPORTED = 0.1
const GATHER_MS = 100
const BATCH = 500

/**
 * Keeps buckets in step with those of all other gateway processes. Only viewers who use much are reported, together and
 * in the background, so operations do not wait. If a report fails, this process limits its own viewers until the next one.
 */
export function createSharedUse(buckets: Buckets, share: ShareUse, log: Log): SharedUse {
  const waiting = new Set<string>()
  let gathering: NodeJS.Timeout | undefined
  let reporting = Promise.resolve()

  const report = async () => {
    const keys = [...waiting].slice(0, BATCH)
    for (const key of keys) waiting.delete(key)
    const uses = keys.flatMap((key) => {
      const bucket = buckets.known(key)
      if (!bucket) return []
      const use = { key, share: bucket.unreported }
      bucket.unreported = 0
      return [use]
    })
    try {
      for (const sum of await share(uses)) {
        const bucket = buckets.known(sum.key)
        if (bucket) bucket.used = sum.share + bucket.unreported
      }
    } catch (error) {
      log.debug({ err: error }, 'sharing rate limits failed')
      for (const use of uses) {
        const bucket = buckets.known(use.key)
        if (bucket) bucket.unreported += use.share
      }
    }
    if (waiting.size > 0) schedule()
  }
  const schedule = () => {
    gathering ??= setTimeout(() => {
      gathering = undefined
      reporting = reporting.then(report)
    }, GATHER_MS).unref()
  }

  return {
    note(key) {
      if ((buckets.known(key)?.unreported ?? 0) < REPORTED) return
      waiting.add(key)
      schedule()
    },
    async close() {
      clearTimeout(gathering)
      await reporting
    },
  }
}
