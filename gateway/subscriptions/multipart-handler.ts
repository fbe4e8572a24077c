import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { readJson } from '../../platform/http/read-body.ts'
import { type Operation, runOperation } from './event-stream.ts'
import { writeWithin } from './paced-events.ts'
import { badRequest } from './refused-streams.ts'
import {
  HEARTBEAT_MS,
  lastEventId,
  type StreamAdapter,
  type StreamClient,
  UNBUFFERED,
} from './stream-adapter.ts'

const CONTENT_TYPE = 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0'
const HEARTBEAT = {}

/**
 * Answers subscriptions in Apollo's multipart protocol
 * (https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol), which Apollo Client,
 * Apollo iOS and Apollo Kotlin speak.
 */
export function createMultipartHandler({
  streams,
  maxBodyBytes,
  readWithinMs,
  heartbeatMs = HEARTBEAT_MS,
}: StreamAdapter) {
  return async (
    request: IncomingMessage,
    response: ServerResponse,
    { live, closed }: StreamClient,
    payload?: Record<string, unknown>,
  ): Promise<void> => {
    const body = payload ?? (request.method === 'POST' ? await readJson(request, maxBodyBytes) : null)
    const answer = await runOperation(
      streams,
      readOperation(body ?? searchOf(request)),
      live,
      lastEventId(request),
      closed,
    )
    response.writeHead(200, { 'content-type': CONTENT_TYPE, ...UNBUFFERED })
    const write = (text: string) => writeWithin(response, text, readWithinMs)
    await write(`\r\n--graphql${part(HEARTBEAT)}`)
    if (Symbol.asyncIterator in answer) {
      const heartbeat = setInterval(() => {
        if (!response.writableNeedDrain) response.write(part(HEARTBEAT))
      }, heartbeatMs)
      response.once('close', () => clearInterval(heartbeat))
      for await (const { result, position } of answer) {
        if (closed.aborted) break
        if (result) await write(part(position === null ? lastMessage(result.errors) : { payload: result }))
      }
      clearInterval(heartbeat)
    } else await write(part({ payload: answer }))
    // Without its last boundary, the stream was cut off, so the client subscribes again.
    response.end(closed.aborted ? undefined : '--\r\n')
  }
}

// A client recognizes the end of a part by the boundary that follows, so each part brings it along.
const part = (message: object) =>
  `\r\ncontent-type: application/json\r\n\r\n${JSON.stringify(message)}\r\n--graphql`

const lastMessage = (errors: unknown) => ({ payload: null, errors })

const operationIn = z.object({
  query: z.string(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
})

function readOperation(body: unknown): Operation {
  const { data, error } = operationIn.safeParse(body)
  if (data) return data
  const field = error.issues[0]?.path.join('.') || 'request'
  throw badRequest(`The ${field} is missing or has another type. Send a GraphQL request over HTTP.`)
}

function searchOf({ url = '/' }: IncomingMessage): unknown {
  const search = Object.fromEntries(new URL(url, 'http://localhost').searchParams)
  if (search.variables === undefined) return search
  try {
    return { ...search, variables: JSON.parse(search.variables) }
  } catch {
    throw badRequest('The parameter "variables" is not valid JSON.')
  }
}
