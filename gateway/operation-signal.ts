import type { ServerResponse } from 'node:http'
import { unavailable } from '../platform/errors.ts'

/** The longest time that an operation may take, in milliseconds. Uploads through the gateway have no such limit. */
export const OPERATION_MS = 30_000

/** The limit of one operation. No subgraph is asked after its signal has aborted. */
export type OperationLimits = Disposable & { signal: AbortSignal }

/**
 * Limits an operation: its signal aborts when its client leaves, or when it has taken too long.
 *
 * @param closed aborts when the client has left
 * @param timeoutMs null for no limit
 */
export function limitOperation(closed: AbortSignal, timeoutMs: number | null): OperationLimits {
  const ended = new AbortController()
  const timer =
    timeoutMs === null
      ? undefined
      : setTimeout(() => {
          const seconds = timeoutMs / 1000
          ended.abort(
            unavailable(`The operation took longer than ${seconds} s. Try again, or request fewer fields.`),
          )
        }, timeoutMs).unref()
  const leave = () => ended.abort(unavailable('The client closed the connection.'))
  if (closed.aborted) leave()
  closed.addEventListener('abort', leave)
  return {
    signal: ended.signal,
    [Symbol.dispose]() {
      clearTimeout(timer)
      closed.removeEventListener('abort', leave)
    },
  }
}

/**
 * Returns a signal that aborts when the client disconnects before it has its answer, or when the operation has taken too
 * long.
 *
 * @param timeoutMs null for no limit
 */
export function operationSignal(response: ServerResponse, timeoutMs: number | null): AbortSignal {
  const closed = new AbortController()
  const limit = limitOperation(closed.signal, timeoutMs)
  response.once('close', () => {
    if (!response.writableFinished) closed.abort()
    limit[Symbol.dispose]()
  })
  return limit.signal
}
