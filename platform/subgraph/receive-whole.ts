import type { Dispatcher } from 'undici'
import { tooCostly } from './work.ts'

// More than any operation may return, plus the overhead of JSON.
const MAX_ANSWER_BYTES = 32 * 1024 ** 2

/** An answer of a service. */
export type WholeAnswer = { status: number; body: Buffer }

/** How to receive an answer. */
export type ReceiveOptions = {
  /** The request is given up when it aborts. */
  signal?: AbortSignal | null
  maxBytes?: number
}

/**
 * Sends a request and receives the whole answer. The method `request` of undici would create a stream for each answer, and
 * take longer for it than for everything else.
 *
 * @throws VisibleError `OPERATION_TOO_COSTLY` if the answer is larger than `maxBytes`
 */
export function receiveWhole(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  { signal = null, maxBytes = MAX_ANSWER_BYTES }: ReceiveOptions = {},
): Promise<WholeAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    let status = 0
    let giveUp: (() => void) | undefined
    const settle = () => giveUp && signal?.removeEventListener('abort', giveUp)
    dispatcher.dispatch(request, {
      onRequestStart(controller) {
        if (!signal) return
        giveUp = () => controller.abort(signal.reason)
        if (signal.aborted) giveUp()
        else signal.addEventListener('abort', giveUp)
      },
      onResponseStart(_controller, given) {
        status = given
      },
      onResponseData(controller, chunk) {
        size += chunk.length
        if (size > maxBytes) controller.abort(tooCostly(`more than ${maxBytes} bytes from one service`))
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
  })
}
