import type { IncomingMessage } from 'node:http'
import { type BodyBudget, createBodyBudget } from './body-budget.ts'
import { ClientGone, RefusedRequest } from './refused-request.ts'

/** How long a client may take to send a body that is kept in memory, in milliseconds. */
export const BODY_MS = 30_000

// Per process. A body counts while it arrives; a complete body is parsed and freed soon.
const MAX_HELD_BYTES = 64 * 1024 ** 2

/** All incomplete bodies that this process keeps in memory. */
export const bodiesUnderWay = createBodyBudget(MAX_HELD_BYTES)

/** The limits for reading a body. */
export type BodyLimits = {
  /** The size of the largest body, in bytes. */
  limit: number
  timeoutMs?: number
  budget?: BodyBudget
}

/** The body was larger than allowed. */
function bodyTooLarge(limit: number): RefusedRequest {
  return new RefusedRequest(
    413,
    'BAD_REQUEST',
    `The request is larger than the limit of ${limit} bytes. Send a smaller one.`,
  )
}

/** The body did not arrive in time. */
export function bodyTooSlow(timeoutMs: number): RefusedRequest {
  const message = `The request body did not arrive within ${timeoutMs / 1000} seconds. Send the request again.`
  return new RefusedRequest(408, 'BAD_REQUEST', message, { connection: 'close' })
}

/** The body had to make room for other bodies. */
export function bodyGivenUp(): RefusedRequest {
  const message = 'The server is receiving too many requests. Send the request again in a second.'
  return new RefusedRequest(503, 'SERVICE_UNAVAILABLE', message, { 'retry-after': '1', connection: 'close' })
}

/**
 * Reads a whole body into memory.
 *
 * @throws RefusedRequest 413 as soon as the body exceeds the limit, 408 if it is not complete in time, 503 if too many
 *   bodies are being received
 * @throws ClientGone if the client closes the connection
 */
export function readBytes(request: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  const { limit, timeoutMs = BODY_MS, budget = bodiesUnderWay } = limits
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.reject(bodyTooLarge(limit))
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const held = budget.open(request.socket.remoteAddress ?? '', () => fail(bodyGivenUp()))
    const timer = setTimeout(() => fail(bodyTooSlow(timeoutMs)), timeoutMs)
    const settle = () => {
      clearTimeout(timer)
      held.release()
      request.off('data', take).off('end', complete).off('error', leave).off('close', leave)
      // Stops reading the body, but a response can still be sent on the connection.
      request.pause()
    }
    const fail = (error: Error) => {
      settle()
      chunks.length = 0
      reject(error)
    }
    const take = (chunk: Buffer) => {
      size += chunk.length
      if (size > limit) return fail(bodyTooLarge(limit))
      chunks.push(chunk)
      held.add(chunk.length)
    }
    const complete = () => {
      settle()
      resolve(Buffer.concat(chunks))
    }
    const leave = () => {
      fail(new ClientGone('the client closed the connection while sending the body'))
      // The stream emits another error for the closed connection, which needs a listener.
      request.on('error', () => {})
    }
    if (request.destroyed) return leave()
    request.on('data', take).on('end', complete).on('error', leave).on('close', leave)
  })
}

/** Reads a whole body as UTF-8 text; see `readBytes`. A byte order mark is removed (RFC 8259 §8.1). */
export async function readBody(request: IncomingMessage, limit: number): Promise<string> {
  requireUtf8(request)
  return decodeUtf8(await readBytes(request, { limit }))
}

/**
 * Reads a JSON body.
 *
 * @throws RefusedRequest 400 if it is not JSON, 415 if its encoding is not UTF-8
 */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  const text = await readBody(request, limit)
  try {
    return JSON.parse(text)
  } catch {
    throw new RefusedRequest(400, 'BAD_REQUEST', 'The request body is not valid JSON.')
  }
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new RefusedRequest(400, 'BAD_REQUEST', 'The request body is not valid UTF-8.')
  }
}

/**
 * Refuses a body with a content coding, such as gzip.
 *
 * @throws RefusedRequest with status 415
 */
export function refuseContentCoding(request: IncomingMessage): void {
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (!/^\s*identity\s*$/i.test(encoding)) {
    throw new RefusedRequest(
      415,
      'BAD_REQUEST',
      'The content encoding is not supported. Send the body without one.',
      {
        'accept-encoding': 'identity',
      },
    )
  }
}

function requireUtf8(request: IncomingMessage): void {
  refuseContentCoding(request)
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(request.headers['content-type'] ?? '')?.[1]
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    throw new RefusedRequest(415, 'BAD_REQUEST', 'The charset is not supported. Send UTF-8.')
  }
}
