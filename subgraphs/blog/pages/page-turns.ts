import { setTimeout as sleep } from 'node:timers/promises'
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
  /** The most requests that wait or have a turn. */
  atMost?: number
  /** How long a request may wait for its turn, in milliseconds. */
  waitMs?: number
}

const MAX_REST_MS = 200
// A reader may have a tenth as many requests as there are free places, so that even many greedy readers leave places for
// a new one. With 500 places, one reader gets 46, and 20 readers leave 70.
const SHARE_OF_EACH = 0.1

// Rendering occupies the only thread of the process, which also answers GraphQL operations. More than one, so that a page
// that waits for another service does not stop the others.
const WIDTH = { atOnce: 2, ofEachOwner: 1 }

/**
 * Creates the turns in which this process makes pages. Readers take turns, so that one who sends many requests does not
 * delay the others. Few pages are made at a time, and after each its place stays empty for as long as it took, so that
 * pages take at most half of the process from GraphQL operations.
 */
export function createPageTurns(options: PageTurnsOptions = {}): PageTurns {
  const { atMost = 500, waitMs = 5_000 } = options
  const started = new Map<string, () => Promise<void>>()
  const queue = createWorkQueue<void>(WIDTH, async (key) => started.get(key)?.())
  const counts = new Map<string, number>()
  let last = 0

  return {
    async run({ viewerId, network }, make) {
      const owner = viewerId ?? network
      const others = counts.get(owner) ?? 0
      if (others >= SHARE_OF_EACH * (atMost - started.size)) throw tooBusy()
      counts.set(owner, others + 1)
      const key = String(++last)
      const latest = performance.now() + waitMs
      const { promise: made, resolve, reject } = Promise.withResolvers<void>()
      started.set(key, async () => {
        const start = performance.now()
        if (start > latest) return reject(tooBusy())
        await make().then(resolve, reject)
        await sleep(Math.min(performance.now() - start, MAX_REST_MS))
      })
      try {
        queue.run(key, owner)
        await made
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
