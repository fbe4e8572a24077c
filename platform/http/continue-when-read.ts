import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * Sends `100 Continue` to a client that waits before it sends its body (RFC 9110 §10.1.1, `Expect: 100-continue`), as
 * soon as the body is read. If the request is refused before that, the body is never sent.
 */
export function continueWhenRead(request: IncomingMessage, response: ServerResponse): void {
  const onListener = (event: string | symbol) => {
    if (event !== 'data' && event !== 'readable') return
    request.off('newListener', onListener)
    if (!response.headersSent) response.writeContinue()
  }
  request.on('newListener', onListener)
}
