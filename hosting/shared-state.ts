import type { FromWorker, ToWorker } from './worker-messages.ts'

/** What the primary process knows of one worker. */
export type WorkerState = {
  receive(message: FromWorker): void
  /** Forgets everything about the worker, which has ended. */
  forget(): void
}

/** Adds a worker, with the function that sends it a message. */
export type AddWorker = (send: (message: ToWorker) => void) => WorkerState

/** Adds each worker to all of these. */
export function toAll(adds: readonly AddWorker[]): AddWorker {
  return (send) => {
    const states = adds.map((add) => add(send))
    return {
      receive: (message) => {
        for (const state of states) state.receive(message)
      },
      forget: () => {
        for (const state of states) state.forget()
      },
    }
  }
}
