import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ExecutionResult } from 'graphql'
import { createHandler, type RequestParams } from 'graphql-sse'
import { readBody, sendGraphqlError } from '../../platform/http/respond.ts'
import type { Authentication, Session } from '../authentication.ts'
import { type EventStreamOptions, runOperation, type StreamedResult } from './event-stream.ts'

/** Whether a client wants its answer as an event stream. */
export function wantsEventStream(request: IncomingMessage): boolean {
  return request.headers.accept?.startsWith('text/event-stream') ?? false
}

type Raw = { session: Session; signal: AbortSignal; lastEventId: string | null; flow: Flow }

// How many results may wait for a client that reads slowly before no more are asked for.
const MAX_WAITING = 8

/**
 * Answers operations as event streams, as the GraphQL over SSE protocol's distinct connections mode has it
 * (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md), with an `id` on each event so that a client
 * that reconnects with `Last-Event-ID` misses nothing.
 */
export function createSseHandler(
  options: EventStreamOptions & { authenticate: Authentication; maxBodyBytes: number },
) {
  const handle = createHandler<Raw>({
    authenticate: () => null,
    // The protocol's own parsing and validation are not used: the operation is run as for any other request.
    onSubscribe: async ({ raw }, { query, operationName, variables }: RequestParams) => {
      const { session, lastEventId, signal, flow } = raw
      const answer = await runOperation(
        options,
        { query, operationName, variables },
        session,
        lastEventId,
        signal,
      )
      return Symbol.asyncIterator in answer ? numbered(answer, flow) : answer
    },
    onNext: async (_context, { raw }) => {
      await raw.flow.room()
    },
  })

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const session = await options.authenticate(request).catch(() => null)
    if (!session) {
      return sendGraphqlError(response, 401, 'UNAUTHENTICATED', 'The session token is not valid any more.')
    }
    const closed = new AbortController()
    response.once('close', () => closed.abort())
    const flow = createFlow()
    const [body, init] = await handle({
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      headers: { get: (name) => (name === 'accept' ? 'text/event-stream' : header(request, name)) },
      body: () => readBody(request, options.maxBodyBytes),
      raw: { session, signal: closed.signal, lastEventId: header(request, 'last-event-id'), flow },
      context: undefined,
    })
    response.writeHead(init.status, init.headers)
    if (body === null || typeof body === 'string') {
      response.end(body ?? undefined)
      return
    }
    closed.signal.addEventListener('abort', () => void body.return(undefined))
    for await (const event of body) {
      if (closed.signal.aborted) break
      await write(response, event.startsWith('event: next') ? flow.stamped(event) : event)
    }
    response.end()
  }
}

async function* numbered(
  results: AsyncGenerator<StreamedResult>,
  flow: Flow,
): AsyncGenerator<ExecutionResult> {
  for await (const { result, position } of results) {
    flow.positions.push(position)
    yield result
  }
}

type Flow = ReturnType<typeof createFlow>

/** Keeps the library from collecting results faster than the client reads them, and remembers their positions. */
function createFlow() {
  const positions: string[] = []
  let written = () => {}
  return {
    positions,
    /** Resolves when another result may be handed over. */
    async room() {
      while (positions.length > MAX_WAITING) {
        await new Promise<void>((resolve) => {
          written = resolve
        })
      }
    },
    /** An event with the position that belongs to it. */
    stamped(event: string) {
      const position = positions.shift()
      written()
      return position === undefined ? event : `id: ${position}\n${event}`
    },
  }
}

function write(response: ServerResponse, text: string): Promise<void> {
  return new Promise((resolve) => {
    if (response.write(text)) return resolve()
    // Whichever comes first: the client has read, or has gone.
    const done = () => {
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.on('drain', done).on('close', done)
  })
}

function header(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join(', ') : (value ?? null)
}
