import { GraphQLError } from 'graphql'
import { databaseFault } from './database/database-error.ts'

/** The stable `extensions.code` of errors that are not members of a result union. */
export type ErrorCode =
  | 'BAD_USER_INPUT'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'RATE_LIMITED'
  | 'OPERATION_TOO_COSTLY'
  | 'SERVICE_UNAVAILABLE'
  | 'INTERNAL_SERVER_ERROR'

/** An error whose message the caller may see. All other errors are masked before they leave a service. */
export class VisibleError extends GraphQLError {
  constructor(
    code: ErrorCode,
    message: string,
    extensions: { retryAfterSeconds?: number; http?: { status: number } } = {},
  ) {
    super(message, { extensions: { code, ...extensions } })
    this.name = 'VisibleError'
  }
}

/** The request is invalid, for example because a page size is out of range. */
export const badInput = (message: string) => new VisibleError('BAD_USER_INPUT', message)

/** The caller did not prove its identity. */
export const unauthenticated = (message: string) => new VisibleError('UNAUTHENTICATED', message)

/** The caller may not do this. */
export const forbidden = (message: string) => new VisibleError('FORBIDDEN', message)

/** A required service does not answer. */
export const unavailable = (message: string) => new VisibleError('SERVICE_UNAVAILABLE', message)

/** The caller sent too many requests in too short a time. */
export const rateLimited = (message: string, retryAfterSeconds: number) =>
  new VisibleError('RATE_LIMITED', message, { retryAfterSeconds })

/** Returns what was thrown as an error, whatever it is. */
export const asError = (reason: unknown): Error =>
  reason instanceof Error ? reason : new Error(String(reason))

/**
 * Returns the error that the caller may see: the error itself if it is a `VisibleError`, or an explanation of the
 * database's error. Returns null if the error is a bug in this product.
 */
export function visibleError(error: unknown): VisibleError | null {
  if (error instanceof VisibleError) return error
  const fault = databaseFault(error)
  if (fault === 'unavailable') return unavailable('The database does not answer. Try again in a few seconds.')
  if (fault === 'invalid value') {
    return badInput('A value contains a NUL character or is out of range. Send another value.')
  }
  if (fault === 'deleted meanwhile') {
    return badInput('Something that the request is about was deleted meanwhile. Load it again.')
  }
  return null
}

/** Receives the errors that are not simply shown to the caller. */
export type ErrorReports = {
  /** A bug in this product. */
  failed(error: GraphQLError): void
  /** The database, or something else that is required, does not answer. */
  unavailable(error: unknown): void
}

/**
 * Returns the error that the caller may see. Visible errors and errors of the GraphQL language stay as they are; all
 * others are masked.
 */
export function maskError(error: GraphQLError, reports: ErrorReports): GraphQLError {
  if (error instanceof VisibleError || error.originalError instanceof VisibleError) return error
  // Without a path, nothing was executed: graphql-js or a scalar refused the document or the variables.
  if (!error.path) return withCode(error, 'BAD_USER_INPUT')
  const place = { ...(error.nodes && { nodes: error.nodes }), path: error.path }
  const visible = visibleError(error.originalError)
  if (visible) {
    if (visible.extensions.code === 'SERVICE_UNAVAILABLE') reports.unavailable(error.originalError)
    return new GraphQLError(visible.message, { ...place, extensions: visible.extensions })
  }
  reports.failed(error)
  return new GraphQLError('An internal error occurred. Try again later.', {
    ...place,
    extensions: { code: 'INTERNAL_SERVER_ERROR' satisfies ErrorCode },
  })
}

function withCode(error: GraphQLError, code: ErrorCode): GraphQLError {
  if (error.extensions.code) return error
  return new GraphQLError(error.message, {
    ...(error.nodes && { nodes: error.nodes }),
    ...(error.source && { source: error.source }),
    ...(error.positions && { positions: error.positions }),
    extensions: { code },
  })
}
