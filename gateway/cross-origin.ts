import type { IncomingMessage, ServerResponse } from 'node:http'
import { addVary } from '../platform/http/compress.ts'

// For clients that send no preflight request but read the answer to one.
const USUAL_HEADERS =
  'authorization, content-type, apollo-require-preflight, last-event-id, x-graphql-event-stream-token'
const HEADER_NAMES = /^[!#$%&'*+.^_`|~0-9a-z-]+(\s*,\s*[!#$%&'*+.^_`|~0-9a-z-]+)*$/i

/**
 * Headers that another site's page cannot send without a preflight request, so that their presence proves that a request
 * is no cross-site request forgery. Requests with a content type that needs a preflight do not need them.
 */
export const PREFLIGHTED_HEADERS = [
  'authorization',
  'x-apollo-operation-name',
  'apollo-require-preflight',
  'graphql-require-preflight',
]

/**
 * Allows pages of all origins to send requests and to read the answers. Clients authenticate with a header that only
 * they can set, never with a cookie. So this gives a page nothing that its server could not request itself, and the page
 * may send any header that its client library adds.
 */
export function allowOrigins(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', '*')
  // With "date", a page can tell how far the clock of its device is from the server's.
  response.setHeader('access-control-expose-headers', 'date, retry-after, www-authenticate, x-request-id')
  if (request.method !== 'OPTIONS') return
  const requested = request.headers['access-control-request-headers'] ?? ''
  response.setHeader('access-control-allow-methods', 'GET, POST, PUT, DELETE, OPTIONS')
  response.setHeader('access-control-allow-headers', HEADER_NAMES.test(requested) ? requested : USUAL_HEADERS)
  response.setHeader('access-control-max-age', '86400')
  addVary(response, 'access-control-request-headers')
}
