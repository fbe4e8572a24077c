import { type Exchange, makeOperation, type Operation, type OperationResult } from '@urql/core'
import { filter, makeSubject, merge, pipe } from 'wonka'
import { isUnanswered } from './unanswered.ts'

const RETRY_MS = 5_000

/**
 * Sends the mutations of the outbox one after the other, each until the server has answered it. As long as there is no
 * answer, the mutation is not finished, so the cache keeps showing its expected result.
 */
export function outboxExchange(): Exchange {
  return ({ forward }) =>
    (operations) => {
      const waiting: Operation[] = []
      let sent: Operation | null = null
      let timer: ReturnType<typeof setTimeout> | undefined
      const { source, next } = makeSubject<Operation>()

      const sendFirst = () => {
        clearTimeout(timer)
        const [first] = waiting
        if (sent || !first) return
        sent = first
        next(first)
      }
      const retryLater = () => {
        timer = setTimeout(sendFirst, RETRY_MS)
      }
      addEventListener('online', sendFirst)

      const direct = pipe(
        operations,
        filter((operation) => {
          if (operation.kind !== 'mutation' || !operation.context.isDurable) return true
          waiting.push(makeOperation(operation.kind, operation))
          // The cache shows the expected result first.
          queueMicrotask(sendFirst)
          return false
        }),
      )
      return pipe(
        forward(merge([direct, source])),
        filter((result: OperationResult) => {
          if (result.operation.key !== sent?.key) return true
          sent = null
          if (isUnanswered(result.error)) {
            retryLater()
            return false
          }
          waiting.shift()
          queueMicrotask(sendFirst)
          return true
        }),
      )
    }
}
