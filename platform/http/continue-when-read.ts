import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * Tells a client that waits with its body (RFC 9110 §10.1.1, `Expect: 100-continue`) to send it once somebody begins to
 * read it. What is refused before that is refused before the body is sent.
 */
export function continueWhenRead(request: IncomingMessage, response: ServerResponse): void {
  const onListener = (event: string | symbol) => {
    if (event !== 'data' && event !== 'readable') return
    request.off('newListener', onListener)
    if (!response.headersSent) response.writeContinue()
  }
  request.on('newListener', onListener)
}
