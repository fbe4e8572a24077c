import type { ServerResponse } from 'node:http'
import { unavailable } from '../platform/errors.ts'

/** The longest time that an operation may take, in milliseconds. Uploads through the gateway have no such limit. */
export const OPERATION_MS = 30_000

/**
 * Returns a signal that aborts when the client disconnects before it has its answer, or when the operation has taken too
 * long. No subgraph is asked after that.
 *
 * @param timeoutMs null for no limit
 */
export function operationSignal(response: ServerResponse, timeoutMs: number | null): AbortSignal {
  const ended = new AbortController()
  const timer =
    timeoutMs === null
      ? null
      : setTimeout(() => {
          const seconds = timeoutMs / 1000
          ended.abort(
            unavailable(`The operation took longer than ${seconds} s. Try again, or request fewer fields.`),
          )
        }, timeoutMs).unref()
  response.once('close', () => {
    if (timer) clearTimeout(timer)
    if (!response.writableFinished) ended.abort(unavailable('The client closed the connection.'))
  })
  return ended.signal
}
