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

/** The answer to a request that is refused before its operation is run, in the form of the GraphQL response. */
export function sendGraphqlError(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
): void {
  sendJson(response, status, { errors: [{ message, extensions: { code } }] })
}

/** The body was larger than allowed. */
export class BodyTooLarge extends Error {}

/**
 * Reads a whole request body as text.
 *
 * @param limit in bytes
 * @throws BodyTooLarge as soon as the limit is passed; what follows is not read
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw new BodyTooLarge()
  const chunks: Buffer[] = []
  let size = 0
  // The request stays as it is when the limit is passed, so that there is a connection to answer on.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length
    if (size > limit) throw new BodyTooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The token of an `Authorization: Bearer` header (RFC 6750 §2.1); null where there is none. */
export function bearerToken(request: IncomingMessage): string | null {
  return /^Bearer +([^\s]+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null
}
