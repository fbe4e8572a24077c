import { badInput } from './errors.ts'

/** How many items one page may hold. */
export const MAX_PAGE = 100

/** A page that was asked for: how many items, and the keyset position to go on from. */
export type PageRequest = { first: number; after: string[] | null }

/** A page of a Relay cursor connection. */
export type Connection<Node> = {
  edges: { cursor: string; node: Node }[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

/**
 * Reads the arguments of a connection.
 *
 * @param list what the cursor must have been made for, for example `posts`; a cursor of another list is refused
 * @throws GraphQLError `BAD_USER_INPUT` for a `first` outside 1…100 or a cursor that is not of this list
 */
export function readPageRequest(
  args: { first?: number | null | undefined; after?: string | null | undefined },
  list: string,
): PageRequest {
  const first = args.first ?? 20
  if (first < 1 || first > MAX_PAGE) throw badInput(`"first" must be from 1 to ${MAX_PAGE}.`)
  return { first, after: args.after == null ? null : decodeCursor(args.after, list) }
}

/**
 * Makes a page from rows that were fetched with one more than was asked for, which tells whether more follows.
 *
 * @param position the keyset position of a row, as text
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
  throw badInput('"after" is not a cursor of this list.')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
