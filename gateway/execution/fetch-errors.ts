import { GraphQLError } from 'graphql'
import { VisibleError } from '../../platform/errors.ts'
import { isData } from './merge.ts'
import type { Path } from './positions.ts'
import type { Data } from './result-shape.ts'

/** An error of a fetch. */
export type FetchError = {
  message: string
  /** The paths of the fields that lack data because of it; none if it is about the whole response. */
  places: readonly Path[]
  /** Creates the error as the client gets it. */
  create(path: Path | undefined): GraphQLError
}

/** An error at a place in the response. */
type Placed = {
  error: FetchError
  /** The path of the null, or of the object that lacks a field that the client did not ask for. */
  at: Path
  /** The path of the field, which leads through the null. */
  path: Path
}

// About 1.5 MB of JSON, which compresses well. A page of 100 posts with 8 media each stays below it while `storage` is down.
const MAX_ERRORS = 5_000

/** An error that a subgraph has reported, with the name of the subgraph. */
export function subgraphError(error: GraphQLError, serviceName: string, places: readonly Path[]): FetchError {
  const message = error.message || `${serviceName} reported an error without a message.`
  const extensions = { code: 'DOWNSTREAM_SERVICE_ERROR', ...error.extensions, serviceName }
  return { message, places, create: create(message, extensions, error) }
}

/** The error of a fetch that was not answered. It is reported at each field that lacks data. */
export function failure(error: unknown, serviceName: string, places: readonly Path[]): FetchError {
  if (error instanceof VisibleError) return subgraphError(error, serviceName, places)
  const cause = error instanceof Error ? error : new Error(String(error))
  return { message: cause.message, places, create: create(cause.message, { serviceName }, cause) }
}

function create(message: string, extensions: Record<string, unknown>, originalError: Error) {
  return (path: Path | undefined) =>
    new GraphQLError(message, { ...(path && path.length > 0 && { path }), originalError, extensions })
}

/**
 * The paths of the fields that an error of a fetch of entities is about.
 *
 * @param placesOf returns the positions of the entities that share a representation, by its index
 * @param all returns the paths of all fields of the fetch
 */
export function entityPlaces(
  { path = [] }: GraphQLError,
  placesOf: (index: number) => readonly Path[],
  all: () => readonly Path[],
): readonly Path[] {
  const [, index, ...rest] = path
  if (typeof index !== 'number') return all()
  return placesOf(index).map((place) => [...place, ...rest])
}

/**
 * Shapes the response and places the errors in it: every null that an error has caused has one. Plans also fetch fields that
 * the client did not ask for: an error of such a field is reported once at the object that would have it.
 *
 * A null without an error would say that something was deleted, or that the viewer has lost the right to see it. So if there
 * are too many errors, no error is left out. Lists become null instead, the inner ones and those with the most errors first,
 * and each has one error. What remains is limited by the fields of the operation.
 *
 * @param data the merged data, which may be changed
 */
export function withErrors(
  data: Data,
  errors: readonly FetchError[],
  shape: (data: Data) => Data | null,
): { data: Data | null; errors: GraphQLError[] } {
  let shaped = shape(data)
  let placed = placedIn(shaped, errors, ({ message, at }) => `${at.join('.')} ${message}`)
  if (placed.length > MAX_ERRORS) placed = placedIn(shaped, errors, onePerPlace)
  // Each round that does not suffice has removed a level of lists.
  for (let depth = depthOf(placed); depth > 0 && placed.length > MAX_ERRORS; depth--) {
    removeLists(data, placed)
    shaped = shape(data)
    placed = placedIn(shaped, errors, onePerPlace)
  }
  const pathless = errors.filter(({ places }) => places.length === 0)
  return {
    data: shaped,
    errors: [
      ...pathless.slice(0, MAX_ERRORS).map(({ create }) => create(undefined)),
      ...placed.map(({ error, path }) => error.create(path)),
    ],
  }
}

const onePerPlace = ({ at }: { at: Path }) => at.join('.')
const depthOf = (placed: readonly Placed[]) => placed.reduce((depth, { at }) => Math.max(depth, at.length), 0)

function placedIn(
  response: Data | null,
  errors: readonly FetchError[],
  keyOf: (place: { message: string; at: Path }) => string,
): Placed[] {
  const placed = new Map<string, Placed>()
  for (const error of errors) {
    for (const given of error.places) {
      const { at, path } = placeIn(response, given)
      const key = keyOf({ message: error.message, at })
      if (!placed.has(key)) placed.set(key, { error, at, path })
    }
  }
  return [...placed.values()]
}

/** Finds the null to which a path leads. A path to something that the response does not have ends before it. */
function placeIn(response: unknown, given: Path): { at: Path; path: Path } {
  let value = response
  for (const [index, step] of given.entries()) {
    if (value === null) return { at: given.slice(0, index), path: given }
    const next: unknown = Array.isArray(value)
      ? value[Number(step)]
      : isData(value) && Object.hasOwn(value, step)
        ? value[step]
        : undefined
    if (next === undefined) return { at: given.slice(0, index), path: given.slice(0, index) }
    value = next
  }
  return { at: given, path: given }
}

/** Replaces the innermost lists that have errors by null, until the errors are few enough. */
function removeLists(data: Data, placed: readonly Placed[]): void {
  const lists = new Map<string, { path: Path; errors: number }>()
  for (const { at } of placed) {
    const path = at.slice(
      0,
      Math.max(
        0,
        at.findLastIndex((step) => typeof step === 'number'),
      ),
    )
    if (path.length === 0) continue
    const key = path.join('.')
    const list = lists.get(key)
    if (list) list.errors += 1
    else lists.set(key, { path, errors: 1 })
  }
  let excess = placed.length - MAX_ERRORS
  for (const { path, errors } of [...lists.values()].sort((a, b) => b.errors - a.errors)) {
    if (excess <= 0) break
    setNull(data, path)
    excess -= errors - 1
  }
}

function setNull(data: Data, path: Path): void {
  let value: unknown = data
  for (const step of path.slice(0, -1))
    value = Array.isArray(value) || isData(value) ? Reflect.get(value, step) : null
  const last = path.at(-1)
  if (last !== undefined && (Array.isArray(value) || isData(value))) Reflect.set(value, last, null)
}
