import type { ServerResponse } from 'node:http'
import type { ExecutionResult } from 'graphql'
import type { StreamedResult } from './event-stream.ts'
import { stopOnReturn } from './stop-on-return.ts'

// How many results may wait for a slow client before no more are requested.
const MAX_WAITING = 8

/** The pace of one stream; see `createPace`. */
export type Pace = ReturnType<typeof createPace>

/**
 * Prevents the library from collecting results faster than the client reads them, and remembers their positions.
 *
 * @param hasPositions whether the stream has ids. One stream for several operations has none, because each operation has
 *   a position of its own.
 */
export function createPace(hasPositions = true) {
  const waiting: { position: string | null; isBare: boolean }[] = []
  // Results that were passed on and are not yet written, and the operations that wait to pass on another.
  let unwritten = 0
  const sleepers = new Set<() => void>()
  return {
    /** Yields the results without positions, as the library expects them. */
    resultsOf(results: AsyncGenerator<StreamedResult>): AsyncGenerator<ExecutionResult> {
      const pass = async function* () {
        for await (const { result, position } of results) {
          if (result === null && !hasPositions) continue
          waiting.push({ position: hasPositions ? position : null, isBare: result === null })
          yield result ?? {}
        }
      }
      return stopOnReturn(pass(), () => void results.return(undefined))
    },
    /** Resolves when another result may be passed on. */
    async room() {
      while (unwritten >= MAX_WAITING) await new Promise<void>((resolve) => sleepers.add(resolve))
      unwritten += 1
    },
    /** Returns the event with its position, or only the position if the result is null. */
    stamped(event: string) {
      if (!event.startsWith('event: next')) return event
      const { position = null, isBare = false } = waiting.shift() ?? {}
      unwritten -= 1
      for (const wake of sleepers) wake()
      sleepers.clear()
      if (position === null) return event
      // HTML Living Standard §9.2.6: an event without data is not dispatched, but its id is remembered.
      return isBare ? `id: ${position}\n\n` : `id: ${position}\n${event}`
    },
  }
}

/**
 * Writes events of graphql-sse to a client, at its pace, until they end or `signal` aborts.
 *
 * @param withinMs after this time, a client that does not read is disconnected
 */
export async function writeEvents(
  response: ServerResponse,
  events: AsyncGenerator<string, void, undefined>,
  { pace, signal, withinMs }: { pace: Pace; signal: AbortSignal; withinMs: number },
): Promise<void> {
  signal.addEventListener('abort', () => void events.return(undefined))
  for await (const event of events) {
    if (signal.aborted) break
    await writeWithin(response, pace.stamped(event), withinMs)
  }
  response.end()
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
