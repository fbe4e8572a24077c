import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ApolloServer, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server'
import { isMultipart, MalformedMultipart, readMultipart } from '../platform/http/multipart.ts'
import { BodyTooLarge, readBody, sendGraphqlError } from '../platform/http/respond.ts'
import type { Route } from '../platform/http/routes.ts'
import { endUnreadBody } from '../platform/http/unread-body.ts'
import type { Authentication } from './authentication.ts'
import type { GatewayContext } from './subgraph-data-source.ts'
import { wantsEventStream } from './subscriptions/sse-handler.ts'

/** The GraphQL address that clients talk to, GraphQL over HTTP on plain node:http. */
export function graphqlRoute(options: {
  server: ApolloServer<GatewayContext>
  authenticate: Authentication
  maxBodyBytes: number
  /** Answers those who want an event stream. */
  streamEvents: (request: IncomingMessage, response: ServerResponse) => Promise<void>
}): Route {
  const { server, authenticate, maxBodyBytes, streamEvents } = options
  return {
    path: '/graphql',
    async handle(request, response, url) {
      allowOrigins(response)
      if (request.method === 'OPTIONS') {
        response.writeHead(204).end()
        return
      }
      if (wantsEventStream(request)) return streamEvents(request, response)
      const body = await readPayload(request, response, maxBodyBytes)
      if (body === REFUSED) return
      const answer = await server.executeHTTPGraphQLRequest({
        httpGraphQLRequest: {
          method: (request.method ?? 'GET').toUpperCase(),
          headers: headerMap(request),
          search: url.search,
          body,
        },
        context: async () => ({ viewer: (await authenticate(request)).viewer }),
      })
      await send(response, answer)
    },
  }
}

// Clients authenticate with a header that only they can set, never with a cookie, so any origin may ask.
function allowOrigins(response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', '*')
  response.setHeader('access-control-allow-methods', 'GET, POST, OPTIONS')
  response.setHeader(
    'access-control-allow-headers',
    'authorization, content-type, apollo-require-preflight, last-event-id',
  )
  response.setHeader('access-control-max-age', '86400')
}

const REFUSED = Symbol('refused')

async function readPayload(
  request: IncomingMessage,
  response: ServerResponse,
  limit: number,
): Promise<unknown> {
  if (request.method !== 'POST') return undefined
  const isJson = /^application\/(graphql\+)?json\b/i.test(request.headers['content-type'] ?? '')
  try {
    if (isMultipart(request)) return await readMultipart(request, response)
    const text = await readBody(request, limit)
    return isJson ? JSON.parse(text) : text
  } catch (error) {
    if (error instanceof BodyTooLarge) {
      endUnreadBody(request, response)
      sendGraphqlError(response, 413, 'BAD_REQUEST', `The request is larger than ${limit} bytes.`)
      return REFUSED
    }
    if (error instanceof MalformedMultipart || error instanceof SyntaxError) {
      const reason = error instanceof SyntaxError ? 'The request is not JSON.' : error.message
      sendGraphqlError(response, 400, 'BAD_REQUEST', reason)
      return REFUSED
    }
    throw error
  }
}

function headerMap(request: IncomingMessage): HeaderMap {
  const headers = new HeaderMap()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return headers
}

async function send(response: ServerResponse, { status, headers, body }: HTTPGraphQLResponse): Promise<void> {
  response.writeHead(status ?? 200, Object.fromEntries(headers))
  if (body.kind === 'complete') {
    response.end(body.string)
    return
  }
  for await (const chunk of body.asyncIterator) response.write(chunk)
  response.end()
}
