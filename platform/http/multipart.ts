import type { IncomingMessage, ServerResponse } from 'node:http'
import { processRequest } from 'graphql-upload-minimal'

/** Whether a request is a GraphQL multipart request, which carries files beside the operation. */
export function isMultipart(request: IncomingMessage): boolean {
  return /^multipart\/form-data;/i.test(request.headers['content-type'] ?? '')
}

/** The request is not as the GraphQL multipart request specification has it. */
export class MalformedMultipart extends Error {}

// One operation is as large as any other; the files behind it are limited where they are stored, as they stream.
const MAX_OPERATION_BYTES = 1_048_576
const MAX_FILES = 10
// How long a client may go on sending a file that nobody reads any more, so that it gets to see the answer.
const DRAIN_MS = 5_000

/**
 * Reads the operation of a GraphQL multipart request. The files have not arrived when it returns: in the operation's
 * variables stand `Upload`s, whose streams are read while they come.
 *
 * @returns what a JSON request's body would be
 * @throws MalformedMultipart with a reason that may be shown
 */
export async function readMultipart(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
  response.once('finish', () => drain(request))
  try {
    return await processRequest(request, response, { maxFieldSize: MAX_OPERATION_BYTES, maxFiles: MAX_FILES })
  } catch (error) {
    throw new MalformedMultipart(error instanceof Error ? error.message : 'not a GraphQL multipart request')
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
