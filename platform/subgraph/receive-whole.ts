import { type Dispatcher, errors } from 'undici'
import { asError } from '../errors.ts'
import { tooCostly } from './work.ts'

// More than any operation may return, plus the overhead of JSON.
const MAX_ANSWER_BYTES = 32 * 1024 ** 2

/** An answer of a service. The body is empty unless the status is 200. */
export type WholeAnswer = { status: number; body: Buffer }

/** How to receive an answer. */
export type ReceiveOptions = {
  /** The request is given up when it aborts. */
  signal?: AbortSignal | null
  /** How long the request may wait for a connection, in milliseconds. The timeouts of the dispatcher begin after that. */
  waitMs?: number
  maxBytes?: number
}

/**
 * Sends a request and receives the whole answer. The method `request` of undici would create a stream for each answer, which
 * takes about a tenth of the gateway's processor time.
 *
 * @throws VisibleError `OPERATION_TOO_COSTLY` if the answer is larger than `maxBytes`
 * @throws ConnectTimeoutError if no connection becomes free in time
 */
export function receiveWhole(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  { signal = null, waitMs, maxBytes = MAX_ANSWER_BYTES }: ReceiveOptions = {},
): Promise<WholeAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    let status = 0
    let waiting: NodeJS.Timeout | undefined
    let givenUp: unknown = null
    let isSettled = false
    let controller: Dispatcher.DispatchController | null = null
    const settle = () => {
      isSettled = true
      clearTimeout(waiting)
      signal?.removeEventListener('abort', stop)
    }
    /** A request that still waits for a connection ends when it would be sent. */
    const giveUp = (reason: unknown) => {
      givenUp = reason
      settle()
      if (controller) controller.abort(asError(reason))
      reject(reason)
    }
    const stop = () => giveUp(signal?.reason)
    signal?.addEventListener('abort', stop)
    if (signal?.aborted) return stop()
    dispatcher.dispatch(request, {
      onRequestStart(started) {
        controller = started
        clearTimeout(waiting)
        if (givenUp !== null) started.abort(asError(givenUp))
      },
      onResponseStart(_controller, given) {
        status = given
      },
      onResponseData(_controller, chunk) {
        // The body of another status is not read.
        if (status !== 200) return
        size += chunk.length
        if (size > maxBytes) giveUp(tooCostly(`more than ${maxBytes} bytes from one service`))
        else chunks.push(chunk)
      },
      onResponseEnd() {
        settle()
        resolve({ status, body: Buffer.concat(chunks, size) })
      },
      onResponseError(_controller, error) {
        settle()
        reject(error)
      },
    })
    if (waitMs !== undefined && !controller && !isSettled) {
      const reason = new errors.ConnectTimeoutError(`no connection became free within ${waitMs} ms`)
      waiting = setTimeout(() => giveUp(reason), waitMs)
    }
  })
}
