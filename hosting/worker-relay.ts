import { rm } from 'node:fs/promises'
import {
  type ClientRequest,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Relay } from '../gateway/subscriptions/relay.ts'
import { RefusedRequest } from '../platform/http/refused-request.ts'
import { scopeFields } from '../platform/observability/request-scope.ts'

/** The end of a worker in the exchange of requests among the workers; see `createWorkerRelay`. */
export type WorkerRelay = {
  relay: Relay
  /** Takes requests that other workers pass on. */
  listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<void>
  close(): Promise<void>
}

/** The header that contains the address from which the request reached the first worker. */
const ADDRESS_HEADER = 'x-moblog-client-address'
// They are about one connection, not about the message (RFC 9110 §7.6.1).
const OF_CONNECTION = ['connection', 'keep-alive', 'transfer-encoding', 'expect']

/**
 * Lets the workers of one machine pass requests to each other, over a Unix socket of each worker.
 *
 * @param folder only this user may enter it
 */
export function createWorkerRelay(folder: string, index: number): WorkerRelay {
  const socketOf = (name: string) => path.join(folder, `${name}.sock`)
  const server = createServer()
  return {
    relay: {
      name: `${index}`,
      async pass(name, request, response, closed) {
        if (!/^\d{1,4}$/.test(name)) return false
        return passTo(socketOf(name), request, response, closed)
      },
    },
    async listen(answer) {
      server.on('request', (request, response) => {
        const address = request.headers[ADDRESS_HEADER]
        delete request.headers[ADDRESS_HEADER]
        // Limits apply to the client and not to the other worker.
        Object.defineProperty(request.socket, 'remoteAddress', { value: address, configurable: true })
        answer(request, response)
      })
      // A worker that was killed has left its socket behind.
      await rm(socketOf(`${index}`), { force: true })
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        // Without `exclusive`, the primary process would distribute the connections among all workers.
        server.listen({ path: socketOf(`${index}`), exclusive: true }, () => resolve())
      })
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

async function passTo(
  socketPath: string,
  request: IncomingMessage,
  response: ServerResponse,
  closed: AbortSignal,
): Promise<boolean> {
  const { requestId } = scopeFields()
  const headers = {
    ...messageHeaders(request),
    [ADDRESS_HEADER]: request.socket.remoteAddress ?? '',
    ...(requestId && { 'x-request-id': requestId }),
    // A worker that answers before it has read everything must not close the connection: the answer would be lost.
    connection: 'keep-alive',
  }
  const { method = 'GET', url: target = '/' } = request
  // Each request has a connection of its own, which names its client.
  const onward = httpRequest({ socketPath, method, path: target, headers, agent: false, signal: closed })
  const answered = answerOf(onward)
  request.pipe(onward)
  try {
    const answer = await answered
    if (!answer) return false
    onward.on('error', () => response.destroy())
    response.writeHead(answer.statusCode ?? 502, messageHeaders(answer))
    response.flushHeaders()
    // If either side ends early, both are closed.
    await pipeline(answer, response).catch(() => {})
    return true
  } finally {
    // As Node does with what nobody reads.
    request.unpipe(onward).resume()
    onward.destroy()
  }
}

/** Returns the answer of the other worker, or null if there is no such worker. */
function answerOf(onward: ClientRequest): Promise<IncomingMessage | null> {
  return new Promise((resolve, reject) => {
    let isConnected = false
    onward.once('socket', (socket) => {
      socket.once('connect', () => {
        isConnected = true
      })
    })
    onward.once('response', resolve)
    onward.once('error', () => {
      if (!isConnected) return resolve(null)
      // The other worker may have run the operation.
      const message = 'The operation was interrupted. Check whether it has taken effect before you try again.'
      reject(new RefusedRequest(503, 'SERVICE_UNAVAILABLE', message))
    })
  })
}

function messageHeaders({ headers }: IncomingMessage) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_CONNECTION.includes(name)))
}
