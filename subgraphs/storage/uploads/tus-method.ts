import type { IncomingMessage } from 'node:http'

/** The methods of an upload's address. POST is only accepted as a substitute for one of them. */
export const UPLOAD_METHODS: readonly string[] = ['HEAD', 'PATCH', 'DELETE', 'OPTIONS']

/**
 * The method of a request (tus 1.0: `X-HTTP-Method-Override` "MUST be interpreted as the request's method by the
 * Server"). Only a POST may be overridden. Clients send POST if a network blocks the other methods, and a browser page,
 * a link or a cache can never turn a GET into a method that changes something.
 */
export function methodOf({ method = '', headers }: Pick<IncomingMessage, 'method' | 'headers'>): string {
  const override = headers['x-http-method-override']
  return method === 'POST' && override !== undefined ? String(override).trim().toUpperCase() : method
}
