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

/** An error whose message is meant for the caller; every other error is masked before it leaves a service. */
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

/** The request can't be understood, for example a page size out of range. */
export const badInput = (message: string) => new VisibleError('BAD_USER_INPUT', message)

/** The caller did not prove who it is. */
export const unauthenticated = (message: string) => new VisibleError('UNAUTHENTICATED', message)

/** The caller may not do this. */
export const forbidden = (message: string) => new VisibleError('FORBIDDEN', message)

/** A service that is needed does not answer. */
export const unavailable = (message: string) => new VisibleError('SERVICE_UNAVAILABLE', message)

/** Too much was asked for in too short a time. */
export const rateLimited = (message: string, retryAfterSeconds: number) =>
  new VisibleError('RATE_LIMITED', message, { retryAfterSeconds })

/**
 * What a caller may be told of an error that was thrown on its behalf: its own message where it has one, and what the
 * database's refusal means. Null where the error is a fault of ours.
 */
export function visibleError(error: unknown): VisibleError | null {
  if (error instanceof VisibleError) return error
  const fault = databaseFault(error)
  if (fault === 'unavailable')
    return unavailable('The database does not answer at the moment. Try again in some seconds.')
  if (fault === 'invalid value') {
    return badInput('A value can not be stored or compared: it has a NUL character, or is out of range.')
  }
  return null
}

/** Where errors that are not simply shown are reported. */
export type ErrorReports = {
  /** A fault of ours. */
  failed(error: GraphQLError): void
  /** What is needed does not answer. */
  unavailable(error: unknown): void
}

/** The error as it may be shown: visible errors and those of the GraphQL language itself as they are, all else masked. */
export function maskError(error: GraphQLError, reports: ErrorReports): GraphQLError {
  if (error instanceof VisibleError || error.originalError instanceof VisibleError) return error
  // Without a path nothing was run: graphql-js complains about the document or the variables, or a scalar does.
  if (!error.path) return withCode(error, 'BAD_USER_INPUT')
  const place = { ...(error.nodes && { nodes: error.nodes }), path: error.path }
  const visible = visibleError(error.originalError)
  if (visible) {
    if (visible.extensions.code === 'SERVICE_UNAVAILABLE') reports.unavailable(error.originalError)
    return new GraphQLError(visible.message, { ...place, extensions: visible.extensions })
  }
  reports.failed(error)
  return new GraphQLError('Something went wrong on our side.', {
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
