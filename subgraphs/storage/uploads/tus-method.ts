import type { IncomingMessage } from 'node:http'

/** What the address of an upload may be asked with. POST only stands for one of the others. */
export const UPLOAD_METHODS: readonly string[] = ['HEAD', 'PATCH', 'DELETE', 'OPTIONS']

/**
 * The method of a request (tus 1.0: `X-HTTP-Method-Override` "MUST be interpreted as the request's method by the
 * Server"). Only a POST may stand for another method: it is what clients send where theirs is not let through, and a
 * browser's page, a link or a cache never turns a GET into one that changes something.
 */
export function methodOf({ method = '', headers }: Pick<IncomingMessage, 'method' | 'headers'>): string {
  const override = headers['x-http-method-override']
  return method === 'POST' && override !== undefined ? String(override).trim().toUpperCase() : method
}
