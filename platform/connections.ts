import { badInput, type VisibleError } from './errors.ts'

/** The largest number of items on one page. */
const MAX_PAGE = 100

/**
 * A requested page: the number of items and the keyset position after which it starts; null starts at the beginning.
 */
export type PageRequest = { first: number; after: string[] | null }

/** A page of a Relay cursor connection. */
export type Connection<Node> = {
  edges: { cursor: string; node: Node }[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

/**
 * Reads the arguments of a connection.
 *
 * @param list the list for which the cursor must have been created, for example `posts`; cursors of other lists are
 *   refused
 * @throws GraphQLError `BAD_USER_INPUT` if `first` is outside 1…100 or the cursor does not belong to this list
 */
export function readPageRequest(
  args: { first?: number | null | undefined; after?: string | null | undefined },
  list: string,
): PageRequest {
  const first = args.first ?? 20
  if (first < 1 || first > MAX_PAGE) throw badInput(`"first" is ${first}; it must be from 1 to ${MAX_PAGE}.`)
  return { first, after: args.after == null ? null : decodeCursor(args.after, list) }
}

/**
 * Creates a page from rows. The caller fetches one row more than requested, which shows whether more rows follow.
 *
 * @param position returns the keyset position of a row, as text
 */
export function toConnection<Row, Node>(
  rows: Row[],
  request: PageRequest,
  list: string,
  position: (row: Row) => string[],
  node: (row: Row) => Node,
): Connection<Node> {
  const edges = rows
    .slice(0, request.first)
    .map((row) => ({ cursor: encodeCursor(position(row), list), node: node(row) }))
  return {
    edges,
    pageInfo: { hasNextPage: rows.length > request.first, endCursor: edges.at(-1)?.cursor ?? null },
  }
}

function encodeCursor(position: string[], list: string): string {
  return Buffer.from(JSON.stringify([list, ...position])).toString('base64url')
}

function decodeCursor(cursor: string, list: string): string[] {
  const parts = parseJson(Buffer.from(cursor, 'base64url').toString())
  if (Array.isArray(parts) && parts[0] === list && parts.every((part) => typeof part === 'string')) {
    return parts.slice(1)
  }
  throw badCursor()
}

/**
 * Reads an instant that a cursor contains, as `toConnection` got it from `toISOString`.
 *
 * @throws VisibleError `BAD_USER_INPUT` for every other text, also for instants that PostgreSQL cannot represent
 */
export function readInstant(text: string): string {
  const instant = new Date(text)
  const isOurs =
    /^(?!0000)\d{4}-/.test(text) && !Number.isNaN(instant.getTime()) && instant.toISOString() === text
  if (!isOurs) throw badCursor()
  return text
}

/** Creates the error for a cursor that the list did not return. */
export function badCursor(): VisibleError {
  return badInput('"after" is not a cursor of this list. Pass a cursor that this list returned.')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
