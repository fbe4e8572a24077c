import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ExecutionResult, GraphQLError, getOperationAST, OperationTypeNode, parse } from 'graphql'
import { z } from 'zod'
import { sendGraphqlError } from '../../platform/http/respond.ts'
import { errorExtensions } from '../../platform/observability/request-scope.ts'

/** Answers a request that did not become a stream, in the same format as other errors of the gateway. */
export function refuse(response: ServerResponse, error: unknown): void {
  if (!(error instanceof GraphQLError)) throw error
  const code = String(error.extensions.code ?? 'BAD_REQUEST')
  const { retryAfterSeconds } = error.extensions
  const wait = typeof retryAfterSeconds === 'number' ? retryAfterSeconds : undefined
  sendGraphqlError(response, STATUS[code] ?? 400, code, error.message, {}, wait)
}

const STATUS: Record<string, number> = { UNAUTHENTICATED: 401, RATE_LIMITED: 429, SERVICE_UNAVAILABLE: 503 }

/** Creates the error for a request that cannot be answered with a stream. */
export function badRequest(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST' } })
}

/** Returns the message of the library's own error response, which is JSON in the format of a GraphQL response. */
export function reasonIn(text: string | null): string | undefined {
  return text === null ? undefined : refusedBody.parse(JSON.parse(text)).errors[0]?.message
}

const refusedBody = z.object({ errors: z.array(z.object({ message: z.string() })) })

/** Whether a GET request contains a mutation. This is not allowed, because GET is safe (RFC 9110 §9.2.1). */
export function isUnsafeGet({ method, url = '/' }: IncomingMessage): boolean {
  if (method !== 'GET') return false
  const { searchParams } = new URL(url, 'http://localhost')
  try {
    const document = parse(searchParams.get('query') ?? '', { maxTokens: 5_000 })
    const operation = getOperationAST(document, searchParams.get('operationName'))
    return operation?.operation === OperationTypeNode.MUTATION
  } catch {
    return false
  }
}

/** Turns the error of an operation that was refused into its result, which names the request. */
export function asResult(error: unknown): ExecutionResult {
  if (!(error instanceof GraphQLError)) throw error
  const { message, nodes, extensions } = error
  const named = errorExtensions(String(extensions.code ?? 'BAD_REQUEST'))
  return {
    errors: [new GraphQLError(message, { ...(nodes && { nodes }), extensions: { ...extensions, ...named } })],
  }
}
