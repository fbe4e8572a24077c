import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ApolloServer, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server'
import { isMultipart, readMultipart } from '../platform/http/multipart.ts'
import { readJson } from '../platform/http/read-body.ts'
import { RefusedRequest } from '../platform/http/refused-request.ts'
import type { Route } from '../platform/http/routes.ts'
import { createWork, MAX_RESPONSE_BYTES, tooCostly } from '../platform/subgraph/work.ts'
import type { GatewayContext } from './ask-subgraph.ts'
import { TOO_COSTLY } from './cost/cost-limit.ts'
import { OPERATION_MS, operationSignal } from './operation-signal.ts'
import { createQueryScreen } from './screen-query.ts'
import type { Streams } from './subscriptions/streams.ts'

/** Creates the GraphQL endpoint for clients: GraphQL over HTTP on plain node:http. */
export function graphqlRoute(options: {
  server: ApolloServer<GatewayContext>
  maxBodyBytes: number
  /** Authenticates clients, and answers those that use a streaming protocol. */
  streams: Streams
}): Route {
  const { server, maxBodyBytes, streams } = options
  const screen = createQueryScreen()
  return {
    path: '/graphql',
    upgrade: streams.upgrade,
    async handle(request, response, url) {
      allowOrigins(response)
      if (request.method === 'OPTIONS') {
        response.writeHead(204).end()
        return
      }
      if (streams.takes(request)) return streams.handle(request, response)
      const body = await readPayload(request, response, maxBodyBytes)
      const search = Object.fromEntries(url.searchParams)
      screen(queryIn(body) ?? search.query)
      const payload = body ?? search
      if (streams.takesOperation(request, payload)) {
        return streams.handle(request, response, body === undefined ? undefined : payload)
      }
      const answer = await server.executeHTTPGraphQLRequest({
        httpGraphQLRequest: {
          method: (request.method ?? 'GET').toUpperCase(),
          headers: headerMap(request),
          search: url.search,
          body,
        },
        context: async () => ({
          viewer: (await streams.authenticate(request)).viewer,
          work: createWork(),
          signal: operationSignal(response, isMultipart(request) ? null : OPERATION_MS),
        }),
      })
      await send(response, answer)
    },
  }
}

const queryIn = (body: unknown) =>
  typeof body === 'object' && body !== null && 'query' in body ? body.query : null

// Clients authenticate with a header that only they can set, never with a cookie, so all origins are allowed.
function allowOrigins(response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', '*')
  response.setHeader('access-control-allow-methods', 'GET, POST, PUT, DELETE, OPTIONS')
  response.setHeader(
    'access-control-allow-headers',
    'authorization, content-type, apollo-require-preflight, last-event-id, x-graphql-event-stream-token',
  )
  response.setHeader('access-control-max-age', '86400')
}

async function readPayload(
  request: IncomingMessage,
  response: ServerResponse,
  limit: number,
): Promise<unknown> {
  if (request.method !== 'POST') return undefined
  if (isMultipart(request)) return readMultipart(request, response)
  // Browsers send other content types to any site without a preflight request.
  if (!/^application\/(graphql\+)?json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new RefusedRequest(
      400,
      'BAD_REQUEST',
      'The content type is not supported. Send the operation as application/json.',
    )
  }
  return readJson(request, limit)
}

function headerMap(request: IncomingMessage): HeaderMap {
  const headers = new HeaderMap()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return headers
}

async function send(response: ServerResponse, { status, headers, body }: HTTPGraphQLResponse): Promise<void> {
  if (body.kind === 'complete' && Buffer.byteLength(body.string) > MAX_RESPONSE_BYTES) {
    // Texts are counted while they are read. This check covers what JSON adds to them.
    throw new RefusedRequest(400, TOO_COSTLY, tooCostly(`more than ${MAX_RESPONSE_BYTES} bytes`).message)
  }
  if (status === 401) headers.set('www-authenticate', 'Bearer')
  response.writeHead(status ?? 200, Object.fromEntries(headers))
  if (body.kind === 'complete') {
    response.end(body.string)
    return
  }
  for await (const chunk of body.asyncIterator) response.write(chunk)
  response.end()
}
