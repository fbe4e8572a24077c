/** The operations of a connection that will get a single answer; see `createAnswers`. */
export type AnswersUnderWay = {
  begin(operation: object): void
  /** The answer was sent, or the operation turned out to be a stream. */
  end(operation: object): void
  /** Resolves when all answers have been sent, but not later than after five seconds. */
  sent(): Promise<void>
}

const ANSWER_WITHIN_MS = 5_000

/** Follows the operations of a connection, so that the one that ends its session is answered before it is closed. */
export function createAnswers(): AnswersUnderWay {
  const underWay = new Set<object>()
  const waiting = new Set<() => void>()
  return {
    begin: (operation) => void underWay.add(operation),
    end(operation) {
      if (underWay.delete(operation) && underWay.size === 0) for (const wake of waiting) wake()
    },
    async sent() {
      if (underWay.size === 0) return
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.add(resolve)
      const timer = setTimeout(resolve, ANSWER_WITHIN_MS)
      await promise
      clearTimeout(timer)
      waiting.delete(resolve)
    },
  }
}
