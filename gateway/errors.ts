import { unwrapResolverError } from '@apollo/server/errors'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { VisibleError } from '../platform/errors.ts'
import { withoutSuggestions, withoutValues } from '../platform/graphql/public-message.ts'
import type { Log } from '../platform/log.ts'
import { currentScope, errorExtensions } from '../platform/observability/request-scope.ts'
import { TOO_COSTLY } from './cost/cost-limit.ts'
import { ALIAS_RESERVED } from './response-names.ts'

// The codes that clients may rely on. All other errors are internal and are masked.
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
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
  'UNAUTHENTICATED',
])

/** The dependencies and options of `formatError`. */
export type ErrorFormat = {
  log: Log
  /** Whether messages may suggest names from the schema that the client did not ask for. */
  suggests: boolean
}

/**
 * Formats an error for the client: message, locations, path, code, request id, and the name of the service that failed. It removes
 * the subgraph's address, query, variables and response, which @apollo/gateway adds.
 */
export function formatError(
  formatted: GraphQLFormattedError,
  error: unknown,
  { log, suggests }: ErrorFormat,
): GraphQLFormattedError {
  const code = codeOf(formatted, error)
  const isKnown = PUBLIC_CODES.has(code)
  if (!isKnown && isFirst(error)) log.error({ err: error }, 'operation failed')
  const { serviceName, retryAfterSeconds } = formatted.extensions ?? {}
  return {
    message: isKnown
      ? publicMessage(formatted.message, suggests)
      : 'An internal error occurred. Try again later.',
    ...(formatted.locations && { locations: formatted.locations }),
    ...(formatted.path && { path: formatted.path }),
    extensions: {
      ...errorExtensions(isKnown ? code : 'INTERNAL_SERVER_ERROR'),
      ...(typeof serviceName === 'string' && { serviceName }),
      ...(typeof retryAfterSeconds === 'number' && { retryAfterSeconds }),
    },
  }
}

// In which request a cause was logged. A fetch that fails is reported at each field that lacks data, and logged once.
const logged = new WeakMap<object, unknown>()

function isFirst(error: unknown): boolean {
  const cause = (error instanceof GraphQLError && error.originalError) || error
  if (typeof cause !== 'object' || cause === null) return true
  const request = currentScope()
  if (logged.has(cause) && logged.get(cause) === request) return false
  logged.set(cause, request)
  return true
}

function codeOf(formatted: GraphQLFormattedError, error: unknown): string {
  const cause = unwrapResolverError(error)
  if (cause instanceof VisibleError) return String(cause.extensions.code)
  const code = ruleCode(error) ?? String(formatted.extensions?.code ?? '')
  return !PUBLIC_CODES.has(code) && isClientsMistake(error) ? 'BAD_REQUEST' : code
}

// @apollo/server replaces the code of a validation rule with its own and keeps the rule's error as `originalError`.
function ruleCode(error: unknown): string | null {
  const original = error instanceof GraphQLError ? error.originalError : null
  const code = original instanceof GraphQLError ? original.extensions.code : null
  return typeof code === 'string' ? code : null
}

// Apollo Server gives some of its errors a status but no code.
function isClientsMistake(error: unknown): boolean {
  const status = (error as { extensions?: { http?: { status?: unknown } } } | null)?.extensions?.http?.status
  return typeof status === 'number' && status >= 400 && status < 500
}

/** Returns a message about a document without the client's values and without advice to the server's operator. */
function publicMessage(given: string, suggests: boolean): string {
  const message = withoutValues(given)
  // These messages tell the server's operator which Apollo options to change.
  if (/introspection is not allowed/i.test(message)) {
    return 'Introspection is turned off. See the published schema for the available fields.'
  }
  if (/Apollo\b/.test(message)) {
    return 'The request is not valid for this endpoint. Send queries with GET or POST and mutations with POST.'
  }
  return suggests ? message : withoutSuggestions(message)
}
