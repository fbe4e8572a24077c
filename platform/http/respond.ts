import type { IncomingMessage, ServerResponse } from 'node:http'

/** Answers with a JSON body. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    ...headers,
  })
  response.end(text)
}

/** Answers a request that is refused before its operation is executed, in the form of a GraphQL response. */
export function sendGraphqlError(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): void {
  const challenge = status === 401 ? { 'www-authenticate': 'Bearer' } : {}
  sendJson(response, status, { errors: [{ message, extensions: { code } }] }, { ...challenge, ...headers })
}

/** Returns the token of an `Authorization: Bearer` header (RFC 6750 §2.1), or null if there is none. */
export function bearerToken(request: IncomingMessage): string | null {
  return /^Bearer +([^\s]+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null
}
