import type { IncomingMessage, ServerResponse } from 'node:http'
import { createHandler, type RequestParams } from 'graphql-sse'
import { readBody } from '../../platform/http/read-body.ts'
import { runOperation } from './event-stream.ts'
import { createPace, type Pace, writeEvents } from './paced-events.ts'
import { badRequest, isUnsafeGet, reasonIn } from './refused-streams.ts'
import { lastEventId, type StreamAdapter, type StreamClient, UNBUFFERED } from './stream-adapter.ts'

type Raw = { request: IncomingMessage; client: StreamClient; pace: Pace }

/**
 * Answers operations as event streams, in the distinct connections mode of the GraphQL over SSE protocol
 * (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md). Each event has an `id`, so a client that
 * reconnects with `Last-Event-ID` misses nothing.
 */
export function createSseHandler({ streams, maxBodyBytes, readWithinMs }: StreamAdapter) {
  const handle = createHandler<Raw>({
    authenticate: () => null,
    // Does not use the library's parsing and validation, because the operation runs like any other request.
    onSubscribe: async ({ raw }, params: RequestParams) => {
      const { request, client, pace } = raw
      const answer = await runOperation(streams, params, client.live, lastEventId(request), client.closed)
      // The library recognizes a result by its `data`, which a result with only errors lacks.
      if (!(Symbol.asyncIterator in answer)) return { data: null, ...answer }
      return pace.resultsOf(answer)
    },
    onNext: async (_context, { raw }) => {
      await raw.pace.room()
    },
  })

  return async (
    request: IncomingMessage,
    response: ServerResponse,
    client: StreamClient,
    payload?: Record<string, unknown>,
  ): Promise<void> => {
    if (isUnsafeGet(request)) throw badRequest('A mutation cannot be sent with GET. Send it with POST.')
    const pace = createPace()
    const [body, init] = await handle({
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      headers: { get: (name) => (name === 'accept' ? 'text/event-stream' : header(request, name)) },
      body: request.method === 'POST' ? (payload ?? (await readBody(request, maxBodyBytes))) : null,
      raw: { request, client, pace },
      context: undefined,
    })
    if (body === null || typeof body === 'string') throw badRequest(reasonIn(body) ?? init.statusText)
    response.writeHead(init.status, { ...init.headers, ...UNBUFFERED })
    await writeEvents(response, body, { pace, signal: client.closed, withinMs: readWithinMs })
  }
}

function header(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join(', ') : (value ?? null)
}
