import { unwrapResolverError } from '@apollo/server/errors'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { VisibleError } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import { TOO_COSTLY } from './cost/cost-limit.ts'
import { ALIAS_RESERVED } from './response-names.ts'

// What clients may rely on; everything else is a fault of ours and says no more than that.
const PUBLIC_CODES = new Set([
  ALIAS_RESERVED,
  TOO_COSTLY,
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'FORBIDDEN',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'SERVICE_UNAVAILABLE',
  'UNAUTHENTICATED',
])

/**
 * What a client is told of an error: message, place, code, and the name of the service where it arose. Never the
 * subgraph's address, query, variables or response, which @apollo/gateway adds on its own.
 */
export function formatError(
  formatted: GraphQLFormattedError,
  error: unknown,
  log: Log,
): GraphQLFormattedError {
  const cause = unwrapResolverError(error)
  const code =
    cause instanceof VisibleError
      ? String(cause.extensions.code)
      : (ruleCode(error) ?? String(formatted.extensions?.code ?? ''))
  const known = PUBLIC_CODES.has(code)
  if (!known) log.error({ err: error }, 'an operation failed')
  const service = formatted.extensions?.serviceName
  return {
    message: known ? formatted.message : 'Something went wrong on our side.',
    ...(formatted.locations && { locations: formatted.locations }),
    ...(formatted.path && { path: formatted.path }),
    extensions: {
      code: known ? code : 'INTERNAL_SERVER_ERROR',
      ...(typeof service === 'string' && { serviceName: service }),
    },
  }
}

// @apollo/server writes its own code over that of a validation rule, and keeps the rule's error beneath.
function ruleCode(error: unknown): string | null {
  const original = error instanceof GraphQLError ? error.originalError : null
  const code = original instanceof GraphQLError ? original.extensions.code : null
  return typeof code === 'string' ? code : null
}
