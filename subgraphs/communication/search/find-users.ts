import { badCursor, type Connection, type PageRequest, toConnection } from '../../../platform/connections.ts'
import { badInput } from '../../../platform/errors.ts'
import { isId } from '../../../platform/ids.ts'
import { characterCount } from '../../../platform/text/clean-text.ts'
import type { Pool } from '../database.ts'
import { typedHandleKey } from '../people/handle.ts'
import { type VisibleUser, visibleUsers } from '../people/visible-user.ts'
import { foldName } from './fold.ts'
import { type Found, findMatching, type Tier } from './search-store.ts'

/** The name of the list in its cursors. */
export const SEARCH_LIST = 'searchUsers'

const MAX_QUERY = 100
// Nearly every name is similar to a query that is shorter than a trigram.
const MIN_SIMILAR = 3

const TIERS: readonly Tier[] = ['exact', 'prefix', 'similar']

/**
 * Returns a page of the users who match a query. The three ways of matching are tried in order, and the next one only
 * if the page has room left. Most searches therefore take two index lookups.
 */
export async function findUsers(
  pool: Pool,
  viewerId: string | null,
  query: string,
  request: PageRequest,
): Promise<Connection<VisibleUser>> {
  if (query.length > MAX_QUERY * 2 || characterCount(query) > MAX_QUERY)
    throw badInput(`The query is too long. Use at most ${MAX_QUERY} characters.`)
  const typed = typedHandleKey(query) ?? query.trim().toLowerCase()
  const folded = foldName(query)
  const position = readPosition(request.after)
  const found: { row: Found; tier: Tier }[] = []
  for (const tier of TIERS.slice(position ? TIERS.indexOf(position.tier) : 0)) {
    const limit = request.first + 1 - found.length
    if (limit <= 0 || !isWorthTrying(tier, typed, folded)) continue
    const after = position?.tier === tier ? position : null
    const rows = await findMatching(pool, tier, { viewerId, typed, folded, after, limit })
    const rest = tier === 'exact' && after ? rows.filter(({ id }) => id > after.id) : rows
    found.push(...rest.map((row) => ({ row, tier })))
  }
  const people = new Map(
    visibleUsers(
      viewerId,
      found.map(({ row }) => row),
    ).map((user) => [user.id, user]),
  )
  return toConnection(
    found.filter(({ row }) => people.has(row.id)),
    request,
    SEARCH_LIST,
    ({ row, tier }) => [tier, row.place, row.id],
    ({ row }) => people.get(row.id) as VisibleUser,
  )
}

function isWorthTrying(tier: Tier, typed: string, folded: string): boolean {
  if (tier === 'exact') return typedHandleKey(typed) !== null || isId(typed)
  // No user has a name that looks like an id.
  if (folded === '' || isId(typed)) return false
  return tier === 'prefix' || [...folded].length >= MIN_SIMILAR
}

function readPosition(after: string[] | null): { tier: Tier; place: string; id: string } | null {
  if (!after) return null
  const [name, place = '', id = ''] = after
  const tier = TIERS.find((known) => known === name)
  const isPlace = tier === 'similar' ? /^-?\d(\.\d+)?(e-\d{1,2})?$/.test(place) : !place.includes('\0')
  if (tier && isId(id) && isPlace) return { tier, place, id }
  throw badCursor()
}
