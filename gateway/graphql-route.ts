import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ApolloServer, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server'
import { clientAddress } from '../platform/http/client-address.ts'
import { addVary, sendText } from '../platform/http/compress.ts'
import { isMultipart, readMultipart } from '../platform/http/multipart.ts'
import { readJson } from '../platform/http/read-body.ts'
import { RefusedRequest } from '../platform/http/refused-request.ts'
import type { Route } from '../platform/http/routes.ts'
import { ANONYMOUS, type Viewer } from '../platform/identity/caller.ts'
import { MAX_RESPONSE_BYTES, tooCostly } from '../platform/subgraph/work.ts'
import type { GatewayContext } from './ask-subgraph.ts'
import { beginOperation } from './begin-operation.ts'
import { TOO_COSTLY } from './cost/cost-limit.ts'
import { allowOrigins } from './cross-origin.ts'
import { OPERATION_MS, operationSignal } from './operation-signal.ts'
import type { OperationLimit } from './rate-limit/operation-limit.ts'
import { GRAPHQL_RESPONSE, responseType } from './response-type.ts'
import { throwWithStatus, withStatus } from './retry-after.ts'
import { createQueryScreen } from './screen-query.ts'
import { isSingleConnection } from './subscriptions/single-connection.ts'
import { prefersEventStream } from './subscriptions/stream-format.ts'
import type { Streams } from './subscriptions/streams.ts'
import type { TrustedDocuments } from './trusted-documents/trusted-documents.ts'

/** Creates the GraphQL endpoint for clients: GraphQL over HTTP on plain node:http. */
export function graphqlRoute(options: {
  server: ApolloServer<GatewayContext>
  maxBodyBytes: number
  /** Authenticates clients, and answers those that use a streaming protocol. */
  streams: Streams
  /** The list of operations that clients may send. */
  documents: TrustedDocuments
  operationLimit: OperationLimit
  /** The number of proxies in front of the gateway. */
  trustedProxies: number
}): Route {
  const { server, maxBodyBytes, streams, documents, operationLimit, trustedProxies } = options
  const screen = createQueryScreen()
  return {
    path: '/graphql',
    upgrade: streams.upgrade,
    async handle(request, response, url) {
      allowOrigins(request, response)
      addVary(response, 'accept')
      if (request.method === 'OPTIONS') {
        response.writeHead(204).end()
        return
      }
      if (isSingleConnection(request)) {
        if (request.method === 'GET') setSearch(request, url, admitSearch(request, url))
        if (request.method === 'POST') requireJson(request)
        return streams.handle(request, response)
      }
      const type = responseType(request.headers.accept)
      await answer(request, response, url, type).catch((error) => {
        throw type === GRAPHQL_RESPONSE ? inGraphqlType(error) : error
      })
    },
  }

  // Returns the parameters of a GET request, with the text of its operation.
  function admitSearch(request: IncomingMessage, url: URL): object {
    // A parameter without a value counts as not sent (GraphQL over HTTP, "GET").
    const isSent = ([, value]: [string, string]) => value !== ''
    const given = [...url.searchParams]
    const search = Object.fromEntries(given.filter(isSent))
    const admitted = documents.admit(search)
    if (admitted !== search || !given.every(isSent)) setSearch(request, url, admitted)
    return admitted
  }

  async function answer(request: IncomingMessage, response: ServerResponse, url: URL, type: string | null) {
    const counted = await requireRoom(request)
    const body = await readPayload(request, response, maxBodyBytes)
    const payload = body === undefined ? admitSearch(request, url) : documents.admit(body)
    if (prefersEventStream(request) || streams.takesOperation(request, payload)) {
      if (body === undefined) setSearch(request, url, recordIn(payload))
      return streams.handle(request, response, body === undefined ? undefined : recordIn(payload))
    }
    const meter = operationLimit.begin(counted)
    screen(queryIn(payload), meter)
    const headers = headerMap(request)
    // Before execution, because a mutation must not run if its result cannot be sent.
    if (!mayReceivePage(request)) headers.set('accept', type ?? notAcceptable())
    const operation = beginOperation()
    const answer = await server
      .executeHTTPGraphQLRequest({
        httpGraphQLRequest: {
          method: (request.method ?? 'GET').toUpperCase(),
          headers,
          search: url.search,
          body: body && payload,
        },
        context: async () => {
          const { viewer } = await streams.authenticate(request).catch(throwWithStatus)
          return {
            viewer,
            work: operation.work,
            answered: operation.answered,
            meter,
            signal: operationSignal(response, isMultipart(request) ? null : OPERATION_MS),
          }
        },
      })
      .finally(operation.end)
    await send(request, response, answer)
  }

  // Before the body is read, so refusing costs little. Returns the viewer whose operations are counted.
  async function requireRoom(request: IncomingMessage): Promise<Viewer> {
    // An invalid token is refused later, in the form of other errors of the operation. Until then it costs as much as none.
    const viewer = await streams.authenticate(request).then(
      (session) => session.viewer,
      () => signedOutAt(clientAddress(request, trustedProxies)),
    )
    withStatus(() => operationLimit.admit(viewer))
    return viewer
  }
}

const signedOutAt = (address: string | undefined): Viewer =>
  address === undefined ? ANONYMOUS : { ...ANONYMOUS, address }

/**
 * Replaces the search parameters of a GET request. The libraries for streams take an address apart in another way, so they
 * get one that has a single meaning.
 */
function setSearch(request: IncomingMessage, url: URL, payload: object): void {
  const entries = Object.entries(payload).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  url.search = new URLSearchParams(Object.fromEntries(entries)).toString()
  request.url = `${url.pathname}${url.search}`
}

function recordIn(payload: unknown): Record<string, unknown> {
  if (isRecord(payload)) return payload
  throw new RefusedRequest(400, 'BAD_REQUEST', 'The request body is not a JSON object.')
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// A browser that opens the address gets Apollo's page.
const mayReceivePage = ({ method, headers }: IncomingMessage) =>
  method === 'GET' && /\btext\/html\b/i.test(headers.accept ?? '')

function notAcceptable(): never {
  throw new RefusedRequest(
    406,
    'BAD_REQUEST',
    'The answer has none of the media types in the header "accept". Accept application/graphql-response+json or application/json, and for subscriptions text/event-stream.',
  )
}

// Client libraries read the body of an answer with an error status only if it has this type.
function inGraphqlType(error: unknown): unknown {
  if (!(error instanceof RefusedRequest)) return error
  const { status, code, message, headers, retryAfterSeconds } = error
  const typed = { ...headers, 'content-type': `${GRAPHQL_RESPONSE}; charset=utf-8` }
  return new RefusedRequest(status, code, message, typed, retryAfterSeconds)
}

const queryIn = (payload: unknown) => (isRecord(payload) ? payload.query : null)

async function readPayload(
  request: IncomingMessage,
  response: ServerResponse,
  limit: number,
): Promise<unknown> {
  if (request.method !== 'POST') return undefined
  if (isMultipart(request)) return readMultipart(request, response)
  requireJson(request)
  return readJson(request, limit)
}

// Browsers send other content types to any site without a preflight request.
function requireJson({ headers }: IncomingMessage): void {
  if (/^application\/(graphql\+)?json\s*(;|$)/i.test(headers['content-type'] ?? '')) return
  throw new RefusedRequest(
    415,
    'BAD_REQUEST',
    'The content type is not supported. Send the operation as application/json.',
  )
}

function headerMap(request: IncomingMessage): HeaderMap {
  const headers = new HeaderMap()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return headers
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: HTTPGraphQLResponse,
): Promise<void> {
  if (body.kind === 'complete' && isLonger(body.string, MAX_RESPONSE_BYTES)) {
    // Texts are counted while they are read. This check covers what JSON adds to them.
    throw new RefusedRequest(400, TOO_COSTLY, tooCostly(`more than ${MAX_RESPONSE_BYTES} bytes`).message)
  }
  if (status === 401) headers.set('www-authenticate', 'Bearer')
  if (body.kind === 'complete') {
    headers.delete('content-length')
    return sendText(request, response, status ?? 200, body.string, Object.fromEntries(headers))
  }
  response.writeHead(status ?? 200, Object.fromEntries(headers))
  for await (const chunk of body.asyncIterator) response.write(chunk)
  response.end()
}

/** Whether a text is longer than that in UTF-8. Counting takes long, so it is left out when the answer is clear. */
function isLonger(text: string, bytes: number): boolean {
  return text.length > bytes || (text.length * 3 > bytes && Buffer.byteLength(text) > bytes)
}
