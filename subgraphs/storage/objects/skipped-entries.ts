import type { Log } from '../../../platform/log.ts'
import { ForeignEntry } from './own-entries.ts'

/** An entry that a sweep has left alone. */
export type SkippedEntry = {
  /** Its path, or its id if the path is not known. */
  path: string
  reason: string
}

/** Called with each entry that a list leaves out although storage could have given it its name. */
export type OnSkipped = (entry: SkippedEntry) => void

/** Collects the entries that a sweep leaves alone, so that one of them does not keep it from the others. */
export type Skips = {
  add: OnSkipped
  /** Works on one entry. If that fails, the entry is skipped, and the result is undefined. */
  attempt<Result>(id: string, work: () => Promise<Result>): Promise<Result | undefined>
  /** How many there are, each path counted once. */
  count(): number
  /** The first of them. */
  entries(): SkippedEntry[]
  /** Logs them in one line, if there are any. */
  report(log: Log): void
}

const MAX_KEPT = 1_000
const MAX_LOGGED = 20

/** Starts collecting. */
export function createSkips(): Skips {
  const kept = new Map<string, SkippedEntry>()
  let others = 0
  const add: OnSkipped = ({ path, reason }) => {
    if (kept.has(path)) return
    if (kept.size < MAX_KEPT) kept.set(path, { path, reason })
    else others++
  }
  const skips: Skips = {
    add,
    async attempt(id, work) {
      try {
        return await work()
      } catch (error) {
        add(skippedEntry(error, id))
        return undefined
      }
    },
    count: () => kept.size + others,
    entries: () => [...kept.values()],
    report(log) {
      const count = skips.count()
      if (count === 0) return
      log.warn({ count, skipped: skips.entries().slice(0, MAX_LOGGED) }, 'stored entries left alone')
    },
  }
  return skips
}

/**
 * Describes the entry for which an error stands.
 *
 * @param fallback its path if the error does not name one
 */
export function skippedEntry(error: unknown, fallback: string): SkippedEntry {
  if (error instanceof ForeignEntry) return { path: error.path, reason: error.reason }
  const isNamed = error instanceof Error && 'path' in error && typeof error.path === 'string'
  return {
    path: isNamed ? String(error.path) : fallback,
    reason: error instanceof Error ? error.message : String(error),
  }
}
