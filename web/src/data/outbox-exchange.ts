import {
  type Exchange,
  makeErrorResult,
  makeOperation,
  type Operation,
  type OperationResult,
} from '@urql/core'
import { filter, makeSubject, merge, pipe } from 'wonka'
import type { Letter } from './outbox-store.ts'
import { createRetryTimes } from './retry-times.ts'
import { isUnanswered } from './unanswered.ts'

/** A letter that another window of this browser has sent, so that its answer is not known here. */
export class SentElsewhere extends Error {}

/** A letter that the user has taken back. */
export class Withdrawn extends Error {}

/** What the outbox of a user offers to the exchange. */
export type Outbox = {
  /** Runs work while no other window sends letters of this user. */
  alone<Result>(work: () => Promise<Result>): Promise<Result>
  /** The letters that are not answered, in the order in which they were written. */
  letters(): Promise<Letter[]>
  remove(id: string): Promise<void>
  /** Notes that a letter is being sent. */
  noteSent(letter: Letter): Promise<void>
  /** Whether the device may have a connection. */
  isOnline(): boolean
  /** Hands in a letter of an earlier visit or of another window. Does nothing if it was handed in before. */
  adopt(letter: Letter): void
  /** Calls the listener with the id of a letter that the user has taken back, in any window. */
  onWithdrawn(listener: (id: string) => void): void
  /** Calls the listener when the device is connected again. */
  onOnline(listener: () => void): void
}

// A connection that hangs must not keep later letters back.
const ANSWER_MS = 30_000

/**
 * Sends the mutations of the outbox one after the other, each until the server has answered it. As long as there is no
 * answer, the mutation is not finished, so the cache keeps showing its expected result. The store has the order, and is
 * read again before each mutation: another window may have sent it.
 */
export function outboxExchange(outbox: Outbox): Exchange {
  return ({ forward }) =>
    (operations) => {
      const waiting = new Map<string, Operation>()
      const answered = new Set<string>()
      const retries = createRetryTimes()
      const requests = makeSubject<Operation>()
      const results = makeSubject<OperationResult>()
      let sent: { key: number; end(result: OperationResult | null): void } | null = null
      let timer: ReturnType<typeof setTimeout> | undefined
      let isAsked = false
      let isSending = false

      const finish = (id: string, result: OperationResult) => {
        waiting.delete(id)
        answered.add(id)
        retries.forget(id)
        results.next(result)
      }

      /** Resolves to null if there is no answer in time. */
      const transmit = (operation: Operation) =>
        new Promise<OperationResult | null>((resolve) => {
          const end = (result: OperationResult | null) => {
            clearTimeout(limit)
            sent = null
            resolve(result)
          }
          const limit = setTimeout(() => {
            end(null)
            // Cancels the request.
            requests.next(makeOperation('teardown', operation, operation.context))
          }, ANSWER_MS)
          sent = { key: operation.key, end }
          requests.next(operation)
        })

      /** Returns how long to wait before the next one, in milliseconds; null if nothing is left to send. */
      const sendFirst = async (): Promise<number | null> => {
        const letters = (await outbox.letters()).filter(({ id }) => !answered.has(id))
        for (const letter of letters) if (!waiting.has(letter.id)) outbox.adopt(letter)
        const stored = new Set(letters.map(({ id }) => id))
        for (const [id, operation] of waiting) {
          // The server answers one with a `clientMutationId` again. Others could undo what came after them.
          if (!stored.has(id) && !isRepeatable(operation))
            finish(id, unanswered(operation, new SentElsewhere()))
        }
        const gone = [...waiting.keys()].filter((id) => !stored.has(id))
        const id = retries.inOrder([...gone, ...stored])[0]
        const operation = id === undefined ? undefined : waiting.get(id)
        // One that was adopted arrives here when the cache has read what is kept, and asks for its turn.
        if (id === undefined || !operation) return null
        const letter = letters.find((each) => each.id === id)
        if (letter?.draft !== undefined && !letter.wasSent && outbox.isOnline())
          await outbox.noteSent(letter).catch(() => {})
        const result = await transmit(operation)
        if (!result || isUnanswered(result)) return retries.after(id, result)
        await outbox.remove(id).catch(() => {})
        finish(id, result)
        return 0
      }

      const sendAll = async () => {
        isAsked = true
        if (isSending || retries.mustRest()) return
        isSending = true
        while (isAsked) {
          isAsked = false
          const pauseMs = await outbox.alone(sendFirst).catch(() => retries.afterTrouble())
          clearTimeout(timer)
          if (pauseMs === 0) isAsked = true
          else if (pauseMs !== null) {
            timer = setTimeout(() => void sendAll(), pauseMs)
            break
          }
        }
        isSending = false
      }
      outbox.onWithdrawn((id) => {
        const operation = waiting.get(id)
        if (operation) finish(id, unanswered(operation, new Withdrawn()))
      })
      outbox.onOnline(() => {
        retries.connected()
        void sendAll()
      })

      const direct = pipe(
        operations,
        filter((operation) => {
          const id: unknown = operation.context.letterId
          if (operation.kind !== 'mutation' || typeof id !== 'string') return true
          waiting.set(id, makeOperation(operation.kind, operation))
          // The cache shows the expected result first.
          queueMicrotask(() => void sendAll())
          return false
        }),
      )
      const fromServer = pipe(
        forward(merge([direct, requests.source])),
        filter((result: OperationResult) => {
          if (result.operation.kind !== 'mutation' || result.operation.key !== sent?.key) return true
          sent.end(result)
          return false
        }),
      )
      // What was not sent before the app was closed.
      queueMicrotask(() => void sendAll())
      return merge([fromServer, results.source])
    }
}

function isRepeatable({ variables }: Operation): boolean {
  const input: unknown = variables?.input
  return typeof input === 'object' && input !== null && 'clientMutationId' in input
}

/** The result of a letter whose answer is not known here. The error is the `networkError` of the result. */
const unanswered = (operation: Operation, error: Error): OperationResult => makeErrorResult(operation, error)
