import type { ServerResponse } from 'node:http'
import type { ExecutionResult } from 'graphql'
import type { StreamedResult } from './event-stream.ts'

// How many results may wait for a slow client before no more are requested.
const MAX_WAITING = 8

/** The pace of one stream; see `createPace`. */
export type Pace = ReturnType<typeof createPace>

/** Prevents the library from collecting results faster than the client reads them, and remembers their positions. */
export function createPace() {
  const waiting: { position: string | null; isBare: boolean }[] = []
  let written = () => {}
  return {
    /** Yields the results without positions, as the library expects them. */
    async *resultsOf(results: AsyncGenerator<StreamedResult>): AsyncGenerator<ExecutionResult> {
      for await (const { result, position } of results) {
        waiting.push({ position, isBare: result === null })
        yield result ?? {}
      }
    },
    /** Resolves when another result may be passed on. */
    async room() {
      while (waiting.length > MAX_WAITING) {
        await new Promise<void>((resolve) => {
          written = resolve
        })
      }
    },
    /** Returns the event with its position, or only the position if the result is null. */
    stamped(event: string) {
      if (!event.startsWith('event: next')) return event
      const { position = null, isBare = false } = waiting.shift() ?? {}
      written()
      if (position === null) return event
      // HTML Living Standard §9.2.6: an event without data is not dispatched, but its id is remembered.
      return isBare ? `id: ${position}\n\n` : `id: ${position}\n${event}`
    },
  }
}

/**
 * Writes to a client, and resolves when more may be written. A client that does not read for `withinMs` milliseconds is
 * disconnected.
 */
export function writeWithin(response: ServerResponse, text: string, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (response.write(text)) return resolve()
    const cut = setTimeout(() => response.destroy(), withinMs)
    // Runs when the client has read the data or has disconnected.
    const done = () => {
      clearTimeout(cut)
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.on('drain', done).on('close', done)
  })
}
