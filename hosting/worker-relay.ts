import { mkdtemp, rm } from 'node:fs/promises'
import {
  type ClientRequest,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  maxHeaderSize,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
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
// What the receiving worker reads of a request. Everything else stays here, above all what a client says about its own
// connection (RFC 9110 §7.6.1): this process alone decides where a request on the socket of another worker ends.
const REQUEST_HEADERS = [
  'accept',
  'authorization',
  'content-encoding',
  'content-type',
  'last-event-id',
  'traceparent',
  'x-forwarded-for',
  'x-graphql-event-stream-token',
]
const OF_CONNECTION = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

// macOS allows 103 bytes, and Linux 107 (unix(7)).
const MAX_SOCKET_PATH_BYTES = 103

/** How long nothing may pass between two workers. Streams have heartbeats, and operations a shorter deadline. */
const SILENCE_MS = 60_000

/** Creates the folder for the sockets of all workers. Temporary folders may have names that are too long for sockets. */
export function makeRelayFolder(): Promise<string> {
  const folderIn = (parent: string) => path.join(parent, 'moblog-workers-')
  const longest = Buffer.byteLength(path.join(`${folderIn(tmpdir())}XXXXXX`, '9999.sock'))
  return mkdtemp(folderIn(longest > MAX_SOCKET_PATH_BYTES ? '/tmp' : tmpdir()))
}

/**
 * Lets the workers of one machine pass requests to each other, over a Unix socket of each worker.
 *
 * @param folder only this user may enter it
 */
export function createWorkerRelay(folder: string, index: number, silenceMs = SILENCE_MS): WorkerRelay {
  const socketOf = (name: string) => path.join(folder, `${name}.sock`)
  // A client may use up the limit, and the header with its address is added.
  const server = createServer({ maxHeaderSize: 2 * maxHeaderSize })
  return {
    relay: {
      name: `${index}`,
      async pass(name, request, response, closed) {
        if (!/^\d{1,4}$/.test(name)) return false
        return passTo(socketOf(name), request, response, { closed, silenceMs })
      },
    },
    async listen(answer) {
      const used = new WeakSet<Socket>()
      server.on('request', (request, response) => {
        const { socket } = request
        const address = addressIn(request)
        // A worker opens a connection for one request. Another one would be the end of a request that was read wrongly.
        if (address === null || used.has(socket)) return void socket.destroy()
        used.add(socket)
        // Limits apply to the client and not to the other worker.
        Object.defineProperty(socket, 'remoteAddress', { value: address, configurable: true })
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

/** Takes the client's address out of a request, which a worker sends exactly once. */
function addressIn({ headers, headersDistinct }: IncomingMessage): string | null {
  const [address, ...more] = headersDistinct[ADDRESS_HEADER] ?? []
  delete headers[ADDRESS_HEADER]
  return address === undefined || more.length > 0 ? null : address
}

async function passTo(
  socketPath: string,
  request: IncomingMessage,
  response: ServerResponse,
  { closed, silenceMs }: { closed: AbortSignal; silenceMs: number },
): Promise<boolean> {
  const { method = 'GET', url: target = '/' } = request
  const headers = onwardHeaders(request)
  // Each request has a connection of its own, which names its client.
  const onward = httpRequest({ socketPath, method, path: target, headers, agent: false, signal: closed })
  // An error without a listener would end the process.
  onward.on('error', () => {})
  // A worker that hangs still accepts connections.
  onward.setTimeout(silenceMs, () => onward.destroy(new Error('the worker does not answer')))
  try {
    const answered = answerOf(onward)
    // Both write the headers at once: an error while a body is passed on could not be caught here.
    if (hasBody(request)) {
      onward.flushHeaders()
      request.pipe(onward)
    } else onward.end()
    const answer = await answered
    if (!answer) return false
    onward.on('error', () => response.destroy())
    response.writeHead(answer.statusCode ?? 502, answerHeaders(answer))
    response.flushHeaders()
    // If either side ends early, both are closed.
    await pipeline(answer, response).catch(() => {})
    return true
  } finally {
    request.unpipe(onward)
    onward.destroy()
  }
}

// The receiving worker reads no other body. Node does not frame those of GET, HEAD and DELETE by itself.
const hasBody = ({ method }: IncomingMessage) => method === 'POST'

function onwardHeaders(request: IncomingMessage): OutgoingHttpHeaders {
  const { requestId } = scopeFields()
  const named = REQUEST_HEADERS.map((name) => [name, request.headers[name]] as const)
  return {
    [ADDRESS_HEADER]: request.socket.remoteAddress ?? '',
    ...Object.fromEntries(named.filter(([, value]) => value !== undefined)),
    ...(requestId && { 'x-request-id': requestId }),
    ...(hasBody(request) && { 'transfer-encoding': 'chunked' }),
    // A worker that answers before it has read everything must not close the connection: the answer would be lost.
    connection: 'keep-alive',
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

function answerHeaders({ headers }: IncomingMessage): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_CONNECTION.includes(name)))
}
