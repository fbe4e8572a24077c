import type { IncomingMessage, ServerResponse } from 'node:http'

const GRACE_MS = 2_000

/**
 * Ends a request that is answered before its whole body has arrived, with whatever answer: nothing else would end a body
 * that goes on for ever. The client has some time to read the answer. If it still sends or stalls after that, its connection
 * is closed.
 */
export function endUnreadBody(request: IncomingMessage, response: ServerResponse): void {
  response.once('finish', () => {
    if (request.complete) return
    request.unpipe()
    request.resume()
    setTimeout(() => request.destroy(), GRACE_MS).unref()
  })
}
