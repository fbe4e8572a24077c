import type { ServerResponse } from 'node:http'
import type { ExecutionResult } from 'graphql'
import type { StreamedResult } from './event-stream.ts'

// How many results may wait for a client that reads slowly before no more are asked for.
const MAX_WAITING = 8

/** The pace of one stream; see `createPace`. */
export type Pace = ReturnType<typeof createPace>

/** Keeps the library from collecting results faster than the client reads them, and remembers their positions. */
export function createPace() {
  const waiting: { position: string | null; isBare: boolean }[] = []
  let written = () => {}
  return {
    /** The results alone, as the library wants them. */
    async *resultsOf(results: AsyncGenerator<StreamedResult>): AsyncGenerator<ExecutionResult> {
      for await (const { result, position } of results) {
        waiting.push({ position, isBare: result === null })
        yield result ?? {}
      }
    },
    /** Resolves when another result may be handed over. */
    async room() {
      while (waiting.length > MAX_WAITING) {
        await new Promise<void>((resolve) => {
          written = resolve
        })
      }
    },
    /** An event with the position that belongs to it; the position alone where there is nothing to tell but that. */
    stamped(event: string) {
      if (!event.startsWith('event: next')) return event
      const { position = null, isBare = false } = waiting.shift() ?? {}
      written()
      if (position === null) return event
      // HTML Living Standard §9.2.6: without data nothing is dispatched, and the last event's id is remembered.
      return isBare ? `id: ${position}\n\n` : `id: ${position}\n${event}`
    },
  }
}

/** Writes to a client, and resolves when more may be written; one that does not read for so long is cut off. */
export function writeWithin(response: ServerResponse, text: string, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (response.write(text)) return resolve()
    const cut = setTimeout(() => response.destroy(), withinMs)
    // Whichever comes first: the client has read, or has gone.
    const done = () => {
      clearTimeout(cut)
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.on('drain', done).on('close', done)
  })
}
