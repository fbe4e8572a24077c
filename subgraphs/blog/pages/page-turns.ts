import { unavailable } from '../../../platform/errors.ts'
import { createWorkQueue } from '../../../platform/turns/work-queue.ts'
import type { PageReader } from './page-reader.ts'

/** Makes pages, a few at a time; see `createPageTurns`. */
export type PageTurns = {
  /**
   * Waits for a turn, then makes a page.
   *
   * @throws VisibleError `SERVICE_UNAVAILABLE` if too many requests wait, or if the turn came too late
   */
  run(reader: PageReader, make: () => Promise<void>): Promise<void>
}

/** The settings of `createPageTurns`. */
export type PageTurnsOptions = {
  /** The most requests that wait or have a turn, of all readers and of each. */
  atMost?: number
  ofEachReader?: number
  /** How long a request may wait for its turn, in milliseconds. */
  waitMs?: number
}

// Rendering occupies the only thread of the process, which also answers GraphQL operations. More than one, so that a page
// that waits for another service does not stop the others.
const WIDTH = { atOnce: 4, ofEachOwner: 2 }

/**
 * Creates the turns in which this process makes pages. Readers take turns, so that one who sends many requests does not
 * delay the others, and few pages are made at a time, so that they do not delay GraphQL operations.
 */
export function createPageTurns(options: PageTurnsOptions = {}): PageTurns {
  const { atMost = 500, ofEachReader = 50, waitMs = 5_000 } = options
  const started = new Map<string, () => Promise<void>>()
  const queue = createWorkQueue<void>(WIDTH, async (key) => started.get(key)?.())
  const counts = new Map<string, number>()
  let last = 0

  return {
    async run({ viewerId, network }, make) {
      const owner = viewerId ?? network
      const others = counts.get(owner) ?? 0
      if (started.size >= atMost || others >= ofEachReader) throw tooBusy()
      counts.set(owner, others + 1)
      const key = String(++last)
      const latest = performance.now() + waitMs
      started.set(key, async () => {
        if (performance.now() > latest) throw tooBusy()
        await make()
      })
      try {
        await queue.run(key, owner)
      } finally {
        started.delete(key)
        const left = (counts.get(owner) ?? 1) - 1
        if (left > 0) counts.set(owner, left)
        else counts.delete(owner)
      }
    },
  }
}

const tooBusy = () => unavailable('Too many pages are being made. Try again in a moment.')
