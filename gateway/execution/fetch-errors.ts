import { GraphQLError } from 'graphql'
import { VisibleError } from '../../platform/errors.ts'
import type { Path } from './positions.ts'

// If a subgraph does not answer, each position that lacks data gets an error, up to this number.
const MAX_POSITIONS = 50

/** An error of a subgraph as the client gets it, with the name of the subgraph and the path in the whole response. */
export function subgraphError(
  error: GraphQLError,
  serviceName: string,
  path: Path | undefined,
): GraphQLError {
  return new GraphQLError(error.message || `${serviceName} reported an error without a message.`, {
    ...(path && { path }),
    originalError: error,
    extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', ...error.extensions, serviceName },
  })
}

/**
 * The errors of a fetch of entities.
 *
 * @param placesOf returns the positions of the entities that share a representation, by its index
 */
export function entityErrors(
  errors: readonly GraphQLError[],
  serviceName: string,
  placesOf: (index: number) => readonly Path[],
): GraphQLError[] {
  return errors.flatMap((error) => {
    const [, index, ...rest] = error.path ?? []
    if (typeof index !== 'number') return subgraphError(error, serviceName, undefined)
    return placesOf(index).map((place) => subgraphError(error, serviceName, [...place, ...rest]))
  })
}

/**
 * The errors of a fetch that was not answered. A visible error is reported at each position that lacks data, and an
 * internal error once.
 */
export function failures(error: unknown, serviceName: string, places: readonly Path[]): GraphQLError[] {
  if (!(error instanceof VisibleError)) {
    const cause = error instanceof Error ? error : new Error(String(error))
    const [path] = places
    const extensions = { serviceName }
    return [new GraphQLError(cause.message, { ...(path && { path }), extensions, originalError: cause })]
  }
  const positions = places.slice(0, MAX_POSITIONS)
  if (positions.length === 0) return [subgraphError(error, serviceName, undefined)]
  return positions.map((path) => subgraphError(error, serviceName, path))
}
