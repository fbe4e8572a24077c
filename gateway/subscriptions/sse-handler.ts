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

/** Answers event streams; see `createSseHandler`. */
export type SseHandler = {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** Ends all streams, so that their clients connect elsewhere. */
  close(): void
}

/**
 * Answers operations as event streams, as the GraphQL over SSE protocol's distinct connections mode has it
 * (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md), with an `id` on each event so that a client
 * that reconnects with `Last-Event-ID` misses nothing.
 */
export function createSseHandler(
  options: EventStreamOptions & {
    authenticate: Authentication
    maxBodyBytes: number
    /** A client that does not read for so long is cut off; it goes on from its last event when it is back. */
    readWithinMs?: number
  },
): SseHandler {
  const { readWithinMs = 30_000 } = options
  const open = new Set<AbortController>()
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
      // The library knows a result by its `data`, which one with nothing but errors does not have.
      return Symbol.asyncIterator in answer ? numbered(answer, flow) : { data: null, ...answer }
    },
    onNext: async (_context, { raw }) => {
      await raw.flow.room()
    },
  })

  const answer = async (request: IncomingMessage, response: ServerResponse, closed: AbortController) => {
    const session = await options.authenticate(request).catch(() => null)
    if (!session) {
      return sendGraphqlError(response, 401, 'UNAUTHENTICATED', 'The session token is not valid any more.')
    }
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
      await write(response, event.startsWith('event: next') ? flow.stamped(event) : event, readWithinMs)
    }
    response.end()
  }

  return {
    async handle(request, response) {
      const closed = new AbortController()
      open.add(closed)
      response.once('close', () => {
        open.delete(closed)
        closed.abort()
      })
      await answer(request, response, closed)
    },
    close() {
      for (const stream of open) stream.abort()
    },
  }
}

async function* numbered(
  results: AsyncGenerator<StreamedResult>,
  flow: Flow,
): AsyncGenerator<ExecutionResult> {
  for await (const { result, position } of results) {
    flow.waiting.push({ position, isBare: result === null })
    yield result ?? {}
  }
}

type Flow = ReturnType<typeof createFlow>

/** Keeps the library from collecting results faster than the client reads them, and remembers their positions. */
function createFlow() {
  const waiting: { position: string | null; isBare: boolean }[] = []
  let written = () => {}
  return {
    waiting,
    /** Resolves when another result may be handed over. */
    async room() {
      while (waiting.length > MAX_WAITING) {
        await new Promise<void>((resolve) => {
          written = resolve
        })
      }
    },
    /** An event with the position that belongs to it; the position alone where there is nothing to tell but that. */
    stamped(event: string) {
      const { position = null, isBare = false } = waiting.shift() ?? {}
      written()
      if (position === null) return event
      // HTML Living Standard §9.2.6: without data nothing is dispatched, and the last event's id is remembered.
      return isBare ? `id: ${position}\n\n` : `id: ${position}\n${event}`
    },
  }
}

function write(response: ServerResponse, text: string, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (response.write(text)) return resolve()
    const cut = setTimeout(() => response.destroy(), withinMs)
    // Whichever comes first: the client has read, or has gone.
    const done = () => {
      clearTimeout(cut)
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
