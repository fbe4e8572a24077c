import { GraphQLError } from 'graphql'
import { VisibleError } from '../../platform/errors.ts'
import { isData } from './merge.ts'
import type { Path } from './positions.ts'
import type { Data } from './result-shape.ts'

// If a subgraph does not answer, each field that lacks data gets an error, up to this number.
const MAX_FIELDS = 50

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
 * The errors of a fetch that was not answered. A visible error is reported at each field that lacks data, and an internal
 * error once.
 */
export function failures(error: unknown, serviceName: string, places: readonly Path[]): GraphQLError[] {
  if (!(error instanceof VisibleError)) {
    const cause = error instanceof Error ? error : new Error(String(error))
    const [path] = places
    const extensions = { serviceName }
    return [new GraphQLError(cause.message, { ...(path && { path }), extensions, originalError: cause })]
  }
  const fields = places.slice(0, MAX_FIELDS)
  if (fields.length === 0) return [subgraphError(error, serviceName, undefined)]
  return fields.map((path) => subgraphError(error, serviceName, path))
}

/**
 * The errors with the paths of fields that are in the response. Plans also fetch fields that the client did not ask for: an
 * error of such a field is reported once at the object that would have it.
 */
export function placedErrors(errors: readonly GraphQLError[], response: Data | null): GraphQLError[] {
  const reported = new Set<string>()
  return errors.flatMap((error) => {
    const { message, path: given, extensions, originalError } = error
    if (!given) return error
    const path = pathIn(response, given)
    const key = JSON.stringify([message, path])
    if (reported.has(key)) return []
    reported.add(key)
    if (path.length === given.length) return error
    return new GraphQLError(message, {
      ...(path.length > 0 && { path }),
      ...(originalError && { originalError }),
      extensions,
    })
  })
}

/** The part of a path that leads to something in a response, or to the null that stands for it. */
function pathIn(response: unknown, path: Path): Path {
  let value = response
  for (const [index, step] of path.entries()) {
    if (value === null) return path
    const next: unknown = Array.isArray(value)
      ? value[Number(step)]
      : isData(value) && Object.hasOwn(value, step)
        ? value[step]
        : undefined
    if (next === undefined) return path.slice(0, index)
    value = next
  }
  return path
}
