import type { IncomingMessage, ServerResponse } from 'node:http'
import { writeJsonInParts } from '../json-in-parts.ts'
import { errorExtensions } from '../observability/request-scope.ts'
import { pauses } from '../pauses.ts'

/** After how many seconds a client may try again while a service or its database does not answer. */
export const RETRY_UNAVAILABLE_SECONDS = 5

/** The message about an address that does not exist. */
export const UNKNOWN_ADDRESS = 'This address does not exist. Check the path.'

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

const LINE_END = Buffer.from('\n')

/** One of the JSON texts of an answer, and whether it is so large that it is written in parts. */
export type JsonLine = { value: unknown; isLarge: boolean }

/** Answers with JSON texts, one per line. Other requests are served while many or large ones are written. */
export async function sendJsonLines(response: ServerResponse, lines: readonly JsonLine[]): Promise<void> {
  const parts: Buffer[] = []
  const pause = pauses()
  for (const { value, isLarge } of lines) {
    if (!isLarge) parts.push(Buffer.from(JSON.stringify(value)))
    else for await (const part of writeJsonInParts(value)) parts.push(Buffer.from(part))
    parts.push(LINE_END)
    await pause()
  }
  response.writeHead(200, {
    'content-type':
      lines.length === 1 ? 'application/json; charset=utf-8' : 'application/jsonl; charset=utf-8',
    'content-length': parts.reduce((sum, { length }) => sum + length, 0),
  })
  response.cork()
  for (const part of parts) response.write(part)
  response.end()
}

/** Answers a request that is refused before its operation is executed, in the form of a GraphQL response. */
export function sendGraphqlError(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
  retryAfterSeconds?: number,
): void {
  const further = {
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
    ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    ...(status === 503 && { 'retry-after': String(RETRY_UNAVAILABLE_SECONDS) }),
  }
  const extensions = {
    ...errorExtensions(code),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  }
  const body = { errors: [{ message, extensions }] }
  sendJson(response, status, body, { ...further, ...headers })
}

/** Returns the token of an `Authorization: Bearer` header (RFC 6750 §2.1), or null if there is none. */
export function bearerToken(request: IncomingMessage): string | null {
  return /^Bearer +([^\s]+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null
}
