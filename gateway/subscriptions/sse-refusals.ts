import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ExecutionResult, GraphQLError, getOperationAST, OperationTypeNode, parse } from 'graphql'
import { z } from 'zod'
import { sendGraphqlError } from '../../platform/http/respond.ts'
import { errorExtensions } from '../../platform/observability/request-scope.ts'

/** Why a stream is refused or has ended. */
export type Refusal = { code: string; message: string }

/** Returns the last events of a stream that ends for a reason, in the format of the GraphQL over SSE protocol. */
export function farewell({ code, message }: Refusal): string {
  const result: ExecutionResult = {
    errors: [new GraphQLError(message, { extensions: { ...errorExtensions(code) } })],
  }
  return `event: next\ndata: ${JSON.stringify(result)}\n\nevent: complete\ndata:\n\n`
}

/** Answers a request that did not become a stream, in the same format as other errors of the gateway. */
export function refuse(response: ServerResponse, error: unknown): void {
  if (!(error instanceof GraphQLError)) throw error
  const code = String(error.extensions.code ?? 'BAD_REQUEST')
  sendGraphqlError(response, STATUS[code] ?? 400, code, error.message)
}

const STATUS: Record<string, number> = { UNAUTHENTICATED: 401, SERVICE_UNAVAILABLE: 503 }

/** Whether the token is invalid. False if it could not be checked because a service is unavailable. */
export function isUnauthenticated(error: unknown): boolean {
  return error instanceof GraphQLError && error.extensions.code === 'UNAUTHENTICATED'
}

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
