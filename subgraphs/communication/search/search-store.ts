import type pg from 'pg'
import { hasCode } from '../../../platform/system-error.ts'
import type { Db } from '../database.ts'
import { USER_COLUMNS } from '../people/people-store.ts'
import type { UserRow } from '../people/visible-user.ts'
import type { SearchEntry } from './fold.ts'

/** How a user matches a query: by id or handle, by the beginning of a word, or by similarity. */
export type Tier = 'exact' | 'prefix' | 'similar'

/** How a search is executed; `similar-beginning` replaces `similar` if that takes too long. */
export type Way = Tier | 'similar-beginning'

/** A user who was found, and the position among all users who match in the same way. */
export type Found = UserRow & { place: string }

/** A search: the viewer, the query, the position to continue from, and the limit. */
export type Search = {
  viewerId: string | null
  /** The query as typed, in lower case; compared with ids and handles. */
  typed: string
  /** The query normalized by `foldName`; not empty. */
  folded: string
  after: { place: string; id: string } | null
  limit: number
}

// Excludes users who have blocked the viewer, and users whom the viewer has blocked.
const NOT_BLOCKED = `(r.kind IS NULL OR r.kind NOT IN ('BLOCKED', 'BLOCKED_BY'))`
const WITH_RELATIONSHIP = 'LEFT JOIN relationships r ON r.user_id = $1::uuid AND r.other_id = u.id'
const NOT_EXACT = '(u.handle_key <> $2 AND u.id::text <> $2)'
// The highest code point: all texts that begin with a prefix are less than the prefix followed by this character.
const END = `chr(1114111)`

const EXACT = `
  SELECT ${USER_COLUMNS}, '' AS place
  FROM users u ${WITH_RELATIONSHIP}
  WHERE (u.handle_key = $2 OR u.id = $3::uuid) AND ${NOT_BLOCKED}
  ORDER BY u.id`

// Scans a range of one index in its order, so the time does not depend on the number of users. A user with several keys
// in the range is listed at the first one.
const prefix = (isFirst: boolean) => `
  SELECT ${USER_COLUMNS}, k.key AS place
  FROM search_keys k JOIN users u ON u.id = k.user_id ${WITH_RELATIONSHIP}
  WHERE k.key >= $3 AND k.key < $3 || ${END} ${isFirst ? '' : 'AND (k.key, k.user_id) > ($5, $6::uuid)'}
    AND NOT EXISTS (
      SELECT FROM search_keys earlier
      WHERE earlier.user_id = k.user_id AND earlier.key >= $3 AND earlier.key < k.key)
    AND ${NOT_EXACT} AND ${NOT_BLOCKED}
  ORDER BY k.key, k.user_id LIMIT $4`

// More matches than anyone looks through, for a query that is similar to very many names.
const MAX_SIMILAR = 2_000

// Users who are not found must not take places among these either: the number of results would show that they exist.
const notBlocked = (userId: string) => `NOT EXISTS (
    SELECT FROM relationships own
    WHERE own.user_id = $1::uuid AND own.other_id = ${userId} AND own.kind IN ('BLOCKED', 'BLOCKED_BY'))`

// The trigram index finds users with a word that is similar to the query. Only these are compared, and at most
// `MAX_SIMILAR`.
const FROM_ALL = `users WHERE search_name %> $3 AND ${notBlocked('users.id')} LIMIT ${MAX_SIMILAR}`

// The fallback if common trigrams make the search too slow: users with a word that begins with the first three letters,
// which most people type correctly. 0.6 is the similarity threshold of `%>`.
const FROM_BEGINNING = `(
    SELECT DISTINCT user_id AS id FROM (
      SELECT user_id FROM search_keys
      WHERE key >= left($3, 3) AND key < left($3, 3) || ${END} AND ${notBlocked('search_keys.user_id')}
      LIMIT ${MAX_SIMILAR}
    ) AS beginning
  ) AS candidates JOIN users USING (id) WHERE word_similarity($3, search_name) >= 0.6`

const similar = (isFirst: boolean, candidates: string) => `
  SELECT ${USER_COLUMNS}, near.distance::text AS place
  FROM (
    SELECT id, (1 - word_similarity($3, search_name))::float8 AS distance FROM ${candidates}
  ) AS near JOIN users u USING (id) ${WITH_RELATIONSHIP}
  WHERE ${isFirst ? 'true' : '(near.distance, near.id) > ($5::float8, $6::uuid)'}
    AND NOT EXISTS (
      SELECT FROM search_keys k WHERE k.user_id = u.id AND k.key >= $3 AND k.key < $3 || ${END})
    AND ${NOT_EXACT}
  ORDER BY near.distance, near.id LIMIT $4`

/** Returns the statement for one way to search, with its values; also used for `EXPLAIN`. */
export function searchStatement(way: Way, { viewerId, typed, folded, after, limit }: Search) {
  if (way === 'exact') {
    const id = UUID.test(typed) ? typed : null
    return { name: 'search-exact', text: EXACT, values: [viewerId, typed, id] }
  }
  const isFirst = after === null
  const candidates = way === 'similar' ? FROM_ALL : FROM_BEGINNING
  const text = way === 'prefix' ? prefix(isFirst) : similar(isFirst, candidates)
  const values = [viewerId, typed, folded, limit, ...(after ? [after.place, after.id] : [])]
  return { name: `search-${way}${after ? '-after' : ''}`, text, values }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Finds the users who match in one way, best first. For `exact`, which can match two users, it returns all.
 *
 * @param patienceMs how long, in milliseconds, all names may be searched for similar ones
 */
export async function findMatching(
  pool: pg.Pool,
  tier: Tier,
  search: Search,
  patienceMs = PATIENCE_MS,
): Promise<Found[]> {
  const statement = searchStatement(tier, search)
  if (tier !== 'similar') return (await pool.query<Found>(statement)).rows
  const found = await queryWithin(pool, patienceMs, statement)
  return found ?? (await pool.query<Found>(searchStatement('similar-beginning', search))).rows
}

const PATIENCE_MS = 100

// The PostgreSQL error code of a statement that was cancelled by its timeout.
const QUERY_CANCELED = '57014'

/** Returns the rows of a statement; null if it takes too long. */
async function queryWithin(
  pool: pg.Pool,
  patienceMs: number,
  statement: pg.QueryConfig,
): Promise<Found[] | null> {
  const client = await pool.connect()
  let isGood = false
  try {
    await client.query(`SET statement_timeout = ${patienceMs}`)
    const rows = await client.query<Found>(statement).then(
      (result) => result.rows,
      (error) => {
        if (hasCode(error, QUERY_CANCELED)) return null
        throw error
      },
    )
    await client.query('RESET statement_timeout')
    isGood = true
    return rows
  } finally {
    // A connection that may still have the timeout must not be reused.
    client.release(!isGood)
  }
}

/** Replaces the search entries of users with those of their current names. */
export async function writeSearchEntries(
  tx: Pick<Db, '$executeRaw'>,
  entries: readonly (SearchEntry & { userId: string })[],
): Promise<void> {
  const ids = entries.map(({ userId }) => userId)
  const names = entries.map(({ searchName }) => searchName)
  const rows = entries.flatMap((entry) => entry.keys.map((key) => ({ userId: entry.userId, key })))
  const [owners, keys] = [rows.map(({ userId }) => userId), rows.map(({ key }) => key)]
  await tx.$executeRaw`
    WITH named AS (
      UPDATE users SET search_name = entry.name
      FROM unnest(${ids}::uuid[], ${names}::text[]) AS entry (id, name) WHERE users.id = entry.id
    ), forgotten AS (
      DELETE FROM search_keys AS k WHERE user_id = ANY (${ids}::uuid[]) AND NOT EXISTS (
        SELECT FROM unnest(${owners}::uuid[], ${keys}::text[]) AS entry (id, key)
        WHERE entry.id = k.user_id AND entry.key = k.key)
    )
    INSERT INTO search_keys (user_id, key)
    SELECT entry.id, entry.key FROM unnest(${owners}::uuid[], ${keys}::text[]) AS entry (id, key)
    ON CONFLICT DO NOTHING`
}

/** Finds users without search entries: their rows exist, but their names were not folded. */
export function findUnfolded(
  db: Db,
  limit: number,
): Promise<{ id: string; handle: string; displayName: string }[]> {
  return db.user.findMany({
    where: { searchName: null },
    take: limit,
    select: { id: true, handle: true, displayName: true },
  })
}
