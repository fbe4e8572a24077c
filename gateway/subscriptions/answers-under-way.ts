/** The operations of a connection that will get a single answer; see `createAnswers`. */
export type AnswersUnderWay = {
  /** Resolves when the operation may be executed. It then counts as under way until `end`. */
  begin(operation: object): Promise<void>
  /** The answer was sent, or the operation turned out to be a stream. */
  end(operation: object): void
  /** Resolves when all answers have been sent, but not later than after five seconds. */
  sent(): Promise<void>
}

const ANSWER_WITHIN_MS = 5_000
// A client that does not read its answers makes this process hold as many.
const AT_ONCE = 4

/**
 * Follows the operations of a connection. A few are executed and answered at a time, because answers that the client does not
 * read stay in memory. The operation that ends the session of the connection is answered before it is closed.
 *
 * @param closed aborts when the connection is closed. Operations then begin without waiting, because they end at once.
 */
export function createAnswers(closed: AbortSignal): AnswersUnderWay {
  const underWay = new Set<object>()
  const next: (() => void)[] = []
  const waiting = new Set<() => void>()
  closed.addEventListener('abort', () => {
    for (const start of next.splice(0)) start()
  })
  return {
    async begin(operation) {
      if (underWay.size < AT_ONCE || closed.aborted) return void underWay.add(operation)
      await new Promise<void>((resolve) => {
        next.push(() => {
          underWay.add(operation)
          resolve()
        })
      })
    },
    end(operation) {
      if (!underWay.delete(operation)) return
      const start = next.shift()
      if (start) start()
      else if (underWay.size === 0) for (const wake of waiting) wake()
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
