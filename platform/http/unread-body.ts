import type { IncomingMessage, ServerResponse } from 'node:http'

const GRACE_MS = 2_000

/**
 * Ends a request that was answered before all of its body had come. A client may read the answer first; whoever keeps
 * on sending, or stands still, is cut off.
 */
export function endUnreadBody(request: IncomingMessage, response: ServerResponse): void {
  response.once('finish', () => {
    if (request.complete) return
    request.unpipe()
    request.resume()
    setTimeout(() => request.destroy(), GRACE_MS).unref()
  })
}
