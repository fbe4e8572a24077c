import { GraphQLError } from 'graphql'
import { asError, VisibleError } from '../../platform/errors.ts'
import { pauses } from '../../platform/pauses.ts'
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

/** An error for a field that lacks data. */
type Given = {
  error: FetchError
  /** The path of the field. The response may end before it. */
  given: Path
}

/** An error at a place in the response. */
type Placed = Given & {
  /** The path of the null, or of the object that lacks a field that the client did not ask for. */
  at: Path
  /** The path of the field, which leads through the null. */
  path: Path
  /** The innermost list on the way, and the length of its path. */
  list: readonly unknown[] | null
  listDepth: number
}

// About 1.5 MB of JSON, which compresses well. A page of 100 posts with 8 media each stays below it while `storage` is down.
const MAX_ERRORS = 5_000

// How many errors are handled before other requests may run: about a millisecond's work.
const PART = 200

/** An error that a subgraph has reported, with the name of the subgraph. */
export function subgraphError(error: GraphQLError, serviceName: string, places: readonly Path[]): FetchError {
  const message = error.message || `${serviceName} reported an error without a message.`
  const extensions = { code: 'DOWNSTREAM_SERVICE_ERROR', ...error.extensions, serviceName }
  return { message, places, create: create(message, extensions, error) }
}

/** The error of a fetch that was not answered, still without places. It is reported at each field that lacks data. */
export function failure(error: unknown, serviceName: string): FetchError {
  if (error instanceof VisibleError) return subgraphError(error, serviceName, [])
  const cause = asError(error)
  return { message: cause.message, places: [], create: create(cause.message, { serviceName }, cause) }
}

function create(message: string, extensions: Record<string, unknown>, originalError: Error) {
  let whole: GraphQLError | undefined
  return (path: Path | undefined): GraphQLError => {
    whole ??= new GraphQLError(message, { originalError, extensions })
    if (!path || path.length === 0) return whole
    // The errors of a fetch differ in nothing but the path, and their constructor takes ten times as long as this.
    return Object.create(whole, { path: { value: path, enumerable: true } })
  }
}

/**
 * The paths of the fields that an error of a fetch of entities is about; null if it is about all of them.
 *
 * @param placesOf returns the positions of the entities that share a representation, by its index
 */
export function entityPlaces(
  { path = [] }: GraphQLError,
  placesOf: (index: number) => readonly Path[],
): readonly Path[] | null {
  const [, index, ...rest] = path
  if (typeof index !== 'number') return null
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
 * Many operations may fail at the same moment, so other requests are served in between.
 *
 * @param data the merged data, which may be changed
 */
export async function withErrors(
  data: Data,
  errors: readonly FetchError[],
  shape: (data: Data) => Data | null,
): Promise<{ data: Data | null; errors: GraphQLError[] }> {
  let shaped = shape(data)
  if (errors.length === 0) return { data: shaped, errors: [] }
  const pause = pauses()
  let placed = await placedIn(shaped, givenIn(errors), ({ message }) => message, pause)
  if (placed.length > MAX_ERRORS) placed = await placedIn(shaped, placed, onePerPlace, pause)
  // Each round that does not suffice has removed a level of lists.
  for (let depth = depthOf(placed); depth > 0 && placed.length > MAX_ERRORS; depth--) {
    removeLists(data, placed)
    shaped = shape(data)
    await pause()
    // A null has only moved up, so errors that had the same place still have.
    placed = await placedIn(shaped, placed, onePerPlace, pause)
  }
  const created: GraphQLError[] = []
  for (const { places, create } of errors) {
    if (places.length === 0 && created.length < MAX_ERRORS) created.push(create(undefined))
  }
  for (const [index, { error, path }] of placed.entries()) {
    created.push(error.create(path))
    if (index % PART === 0) await pause()
  }
  return { data: shaped, errors: created }
}

const onePerPlace = () => ''
const depthOf = (placed: readonly Placed[]) => placed.reduce((depth, { at }) => Math.max(depth, at.length), 0)

function* givenIn(errors: readonly FetchError[]): Iterable<Given> {
  for (const error of errors) for (const given of error.places) yield { error, given }
}

/**
 * Places errors in the response.
 *
 * @param kindOf errors of one kind are reported once at each place
 */
async function placedIn(
  response: Data | null,
  errors: Iterable<Given>,
  kindOf: (error: FetchError) => string,
  pause: () => Promise<void>,
): Promise<Placed[]> {
  const placed: Placed[] = []
  const known = new Map<string, KnownPlaces>()
  let count = 0
  for (const { error, given } of errors) {
    const kind = kindOf(error)
    const ofKind = known.get(kind) ?? new Map()
    known.set(kind, ofKind)
    const { parent, depth, isMissing, list, listDepth } = walk(response, given)
    if (isNew(ofKind, parent, given[depth - 1])) {
      const at = depth === given.length ? given : given.slice(0, depth)
      placed.push({ error, given, at, path: isMissing ? at : given, list, listDepth })
    }
    count += 1
    if (count % PART === 0) await pause()
  }
  return placed
}

/**
 * The places that have an error: their keys, by the object or list that they are in. Texts of all paths would take several
 * times as long.
 */
type KnownPlaces = Map<object | null, Set<string | number | undefined>>

function isNew(known: KnownPlaces, parent: object | null, key: string | number | undefined): boolean {
  const keys = known.get(parent)
  if (!keys) known.set(parent, new Set([key]))
  else if (keys.has(key)) return false
  else keys.add(key)
  return true
}

/** Follows a path to the null to which it leads. A path to something that the response does not have ends before it. */
function walk(response: unknown, given: Path) {
  let value = response
  let depth = 0
  let parent: object | null = null
  let list: readonly unknown[] | null = null
  let listDepth = 0
  let isMissing = false
  while (depth < given.length && value !== null) {
    const next = childOf(value, given[depth] ?? '')
    isMissing = next === undefined
    if (isMissing) break
    if (Array.isArray(value)) {
      list = value
      listDepth = depth
    }
    parent = value as object
    value = next
    depth += 1
  }
  return { parent, depth, isMissing, list, listDepth }
}

function childOf(value: unknown, step: string | number): unknown {
  if (Array.isArray(value)) return value[Number(step)]
  return isData(value) && Object.hasOwn(value, step) ? value[step] : undefined
}

/** Replaces the innermost lists that have errors by null, until the errors are few enough. */
function removeLists(data: Data, placed: readonly Placed[]): void {
  const lists = new Map<readonly unknown[], { path: Path; errors: number }>()
  for (const { at, list, listDepth } of placed) {
    if (!list || listDepth === 0) continue
    const known = lists.get(list)
    if (known) known.errors += 1
    else lists.set(list, { path: at.slice(0, listDepth), errors: 1 })
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
