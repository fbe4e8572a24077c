import type { IncomingMessage, ServerResponse } from 'node:http'
import { processRequest } from 'graphql-upload-minimal'
import { BODY_MS, bodiesUnderWay, bodyGivenUp, bodyTooSlow } from './read-body.ts'
import { RefusedRequest } from './refused-request.ts'

/** Whether a request is a GraphQL multipart request, which carries files beside the operation. */
export function isMultipart(request: IncomingMessage): boolean {
  return /^multipart\/form-data\s*;/i.test(request.headers['content-type'] ?? '')
}

// One operation is as large as any other; the files behind it are limited where they are stored, as they stream.
const MAX_OPERATION_BYTES = 1_048_576
// No operation takes more than one. Files come one after the other, so one that nobody reads would hold up the others.
const MAX_FILES = 1
// How long a client may go on sending a file that nobody reads any more, so that it gets to see the answer.
const DRAIN_MS = 5_000

/**
 * Reads the operation of a GraphQL multipart request. The files have not arrived when it returns: in the operation's
 * variables stand `Upload`s, whose streams are read while they come.
 *
 * @returns what a JSON request's body would be
 * @throws RefusedRequest where the request is not as the specification has it, or its operation does not arrive in time
 */
export async function readMultipart(
  request: IncomingMessage,
  response: ServerResponse,
  timeoutMs = BODY_MS,
): Promise<unknown> {
  if ((request.headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    throw new RefusedRequest(
      415,
      'BAD_REQUEST',
      'Send a multipart request as it is, without a Content-Encoding.',
    )
  }
  response.once('finish', () => drain(request))
  lowerCaseMediaType(request)
  const limits = { maxFieldSize: MAX_OPERATION_BYTES, maxFiles: MAX_FILES }
  handleAllParserErrors(request)
  const operation = processRequest(request, response, limits).catch((error) => {
    const reason = error instanceof Error ? error.message : 'not a GraphQL multipart request'
    throw new RefusedRequest(400, 'BAD_REQUEST', reason)
  })
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(bodyTooSlow(timeoutMs)), timeoutMs)
  const held = bodiesUnderWay.open(request.socket.remoteAddress ?? '', () => late.reject(bodyGivenUp()))
  const count = (chunk: Buffer) => held.add(chunk.length)
  request.on('data', count)
  try {
    return await Promise.race([operation, late.promise])
  } finally {
    clearTimeout(timer)
    request.off('data', count)
    held.release()
  }
}

// Media types are case-insensitive (RFC 9110 §8.3.1); graphql-upload-minimal compares them as they are written.
function lowerCaseMediaType({ headers }: IncomingMessage): void {
  headers['content-type'] = headers['content-type']?.replace(/^[^;\s]+/, (type) => type.toLowerCase())
}

// graphql-upload-minimal listens for one error of its parser. A parser that is destroyed in the middle of a part emits
// another one, which would end the process if nobody listened.
function handleAllParserErrors(request: IncomingMessage): void {
  const pipe = request.pipe.bind(request)
  request.pipe = (parser, options) => {
    parser.on('error', () => {})
    return pipe(parser, options)
  }
}

// The parser stops reading as soon as the operation is answered, and would leave the connection stuck for ever.
function drain(request: IncomingMessage): void {
  if (request.readableEnded || request.destroyed) return
  request.unpipe()
  request.resume()
  const timer = setTimeout(() => request.destroy(), DRAIN_MS)
  request.once('close', () => clearTimeout(timer))
}
