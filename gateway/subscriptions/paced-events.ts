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
  // Results that were passed on and are not yet sent, and what waits until fewer are.
  let unsent = 0
  const sleepers = new Set<() => void>()
  const wake = () => {
    for (const sleeper of sleepers) sleeper()
    sleepers.clear()
  }
  let isOver = false
  const untilFewer = async (most: number) => {
    while (unsent > most && !isOver) await new Promise<void>((resolve) => sleepers.add(resolve))
  }
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
      await untilFewer(MAX_WAITING - 1)
      unsent += 1
    },
    /** Resolves when all results that were passed on have been sent. */
    untilSent: () => untilFewer(0),
    /** Returns the event with its position, or only the position if the result is null. */
    stamped(event: string) {
      if (!isResult(event)) return event
      const { position = null, isBare = false } = waiting.shift() ?? {}
      if (position === null) return event
      // HTML Living Standard §9.2.6: an event without data is not dispatched, but its id is remembered.
      return isBare ? `id: ${position}\n\n` : `id: ${position}\n${event}`
    },
    /** To be called when an event has been sent. */
    sent(event: string) {
      if (!isResult(event)) return
      unsent -= 1
      wake()
    },
    /** To be called when nothing can be sent any more. Nothing waits then. */
    end() {
      isOver = true
      wake()
    },
  }
}

const isResult = (event: string) => event.startsWith('event: next')

/**
 * Writes events of graphql-sse to a client, until they end or `signal` aborts. Events do not wait here for a client that reads
 * slowly: those that are in the buffer of its connection are counted (`platform/http/socket-limits.ts`).
 *
 * @param withinMs after this time, a client that does not read is disconnected
 */
export async function writeEvents(
  response: ServerResponse,
  events: AsyncGenerator<string, void, undefined>,
  { pace, signal, withinMs }: { pace: Pace; signal: AbortSignal; withinMs: number },
): Promise<void> {
  let cut: NodeJS.Timeout | undefined
  const reads = () => {
    clearTimeout(cut)
    cut = undefined
  }
  response.on('drain', reads).on('close', reads)
  signal.addEventListener('abort', () => {
    pace.end()
    void events.return(undefined)
  })
  for await (const event of events) {
    if (signal.aborted) break
    const isRead = response.write(bytesOf(pace.stamped(event)), (error) => {
      if (!error) pace.sent(event)
    })
    if (!isRead) cut ??= setTimeout(() => response.destroy(), withinMs)
  }
  response.end()
}

/**
 * Writes to a client, and resolves when more may be written. A client that does not read for `withinMs` milliseconds is
 * disconnected.
 */
export function writeWithin(response: ServerResponse, text: string, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (response.write(bytesOf(text))) return resolve()
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

// A text that waits for its client takes several times the memory of its bytes, and counts as less than them.
const bytesOf = (text: string) => Buffer.from(text)
