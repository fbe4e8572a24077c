import type { IncomingMessage, ServerResponse } from 'node:http'
import { processRequest } from 'graphql-upload-minimal'
import { BODY_MS, bodiesUnderWay, bodyGivenUp, bodyTooSlow, refuseContentCoding } from './read-body.ts'
import { RefusedRequest } from './refused-request.ts'

/** Whether a request is a GraphQL multipart request, which carries files beside the operation. */
export function isMultipart(request: IncomingMessage): boolean {
  return /^multipart\/form-data\s*;/i.test(request.headers['content-type'] ?? '')
}

// An operation with files may be as large as any other. The files are limited where they are stored, as they stream.
const MAX_OPERATION_BYTES = 1_048_576
// No operation takes more than one file. Files arrive one after another, so an unread file would block the next ones.
const MAX_FILES = 1

/**
 * Reads the operation of a GraphQL multipart request. It returns before the files have arrived: the variables contain
 * `Upload`s, whose streams are read as the bytes arrive.
 *
 * @returns the same value as the body of a JSON request
 * @throws RefusedRequest if the request violates the specification, or its operation does not arrive in time
 */
export async function readMultipart(
  request: IncomingMessage,
  response: ServerResponse,
  timeoutMs = BODY_MS,
): Promise<unknown> {
  refuseContentCoding(request)
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

// Media types are case-insensitive (RFC 9110 §8.3.1), but graphql-upload-minimal compares them case-sensitively.
function lowerCaseMediaType({ headers }: IncomingMessage): void {
  headers['content-type'] = headers['content-type']?.replace(/^[^;\s]+/, (type) => type.toLowerCase())
}

// graphql-upload-minimal listens for one error of its parser. A parser that is destroyed in the middle of a part emits
// a second error, which would end the process if nothing listened.
function handleAllParserErrors(request: IncomingMessage): void {
  const pipe = request.pipe.bind(request)
  request.pipe = (parser, options) => {
    parser.on('error', () => {})
    return pipe(parser, options)
  }
}
