import { GraphQLError } from 'graphql'

/** The stable `extensions.code` of errors that are not members of a result union. */
export type ErrorCode =
  | 'BAD_USER_INPUT'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'SERVICE_UNAVAILABLE'
  | 'INTERNAL_SERVER_ERROR'

/** An error whose message is meant for the caller; every other error is masked before it leaves a service. */
export class VisibleError extends GraphQLError {
  constructor(code: ErrorCode, message: string) {
    super(message, { extensions: { code } })
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

/**
 * The error as it may be shown: visible errors and those of the GraphQL language itself as they are, all else masked.
 *
 * @param report is told of each masked error, so that it can be logged
 */
export function maskError(error: GraphQLError, report: (error: GraphQLError) => void): GraphQLError {
  if (error instanceof VisibleError || error.originalError instanceof VisibleError) return error
  // No original error: graphql-js itself complains about the document, the variables or the schema's promises.
  if (!error.originalError && !error.path) return withCode(error, 'BAD_USER_INPUT')
  report(error)
  return new GraphQLError('Something went wrong on our side.', {
    ...(error.nodes && { nodes: error.nodes }),
    ...(error.path && { path: error.path }),
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
