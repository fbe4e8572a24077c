import type pg from 'pg'
import type { Audience } from '../../../generated/graphql/blog.ts'
import { createPool } from '../../../platform/database/pool.ts'
import { hasCode } from '../../../platform/system-error.ts'

/** Something that matched a search, by the one moblog that it stands in. */
export type SearchHit = {
  moblogId: string
  /** Who may see that it matched; null where it is the moblog's own name, which all see who see the moblog. */
  audience: Audience | null
  /** When the newest that matched was published; for a moblog's own name its newest post that everyone may see. */
  at: Date | null
}

// How far a search reaches: beyond it lies what is found by nearly everything.
const MOBLOGS = 200
const POSTS = 1_000

// How many matches are looked at to find the newest, and among how many of the newest posts a word is looked for that
// more posts have: a search costs as much for a beginning that all words share as for any other.
const REACH = 20_000

const LONGEST_MS = 500

// What PostgreSQL says when it ends a statement that took too long.
const QUERY_CANCELED = '57014'

/** Connections for searches alone, which other work does not have to wait for and which can't go on for long. */
export function createSearchPool(options: Omit<Parameters<typeof createPool>[0], 'max'>): pg.Pool {
  const url = new URL(options.url)
  // The planner can't know how many words begin so; it must not read a table from one end to the other for them.
  const settings = `-c statement_timeout=${LONGEST_MS} -c enable_seqscan=off -c jit=off`
  url.searchParams.set('options', `${url.searchParams.get('options') ?? ''} ${settings}`.trim())
  return createPool({ ...options, url: url.href, max: 4 })
}

/**
 * What matches a search: the moblogs with the most recent posts whose own name or description does, and the moblogs in
 * which the most recent posts do. Posts that are for their author alone are left out unless it is the viewer. Of what
 * is very common, old matches may be missing.
 *
 * @param pool see `createSearchPool`
 * @param tsquery see `searchQuery`
 */
export async function findHits(
  pool: pg.Pool,
  viewerId: string | null,
  tsquery: string,
): Promise<SearchHit[]> {
  const values = [tsquery, viewerId]
  try {
    return (await pool.query<SearchHit>({ name: 'search', text: hitsIn(MATCHING), values })).rows
  } catch (error) {
    if (!hasCode(error, QUERY_CANCELED)) throw error
    return (await pool.query<SearchHit>({ name: 'search-newest', text: hitsIn(NEWEST), values })).rows
  }
}

const MAY_MATCH = `array_to_tsvector(words) @@ $1::tsquery AND published_at < 'infinity'
  AND (audience <> 'ONLY_ME' OR moblog_id = $2::uuid)`

const NEWEST = `SELECT id, moblog_id, audience, published_at FROM (
    SELECT * FROM post WHERE published_at < 'infinity' ORDER BY published_at DESC LIMIT ${REACH}
  ) AS newest WHERE ${MAY_MATCH}`

// Found by the words' index, in no order; where that is not all, the newest come from the other end.
const MATCHING = `SELECT * FROM matching UNION ALL
  SELECT * FROM (${NEWEST}) AS recent WHERE (SELECT count(*) FROM matching) = ${REACH}`

function hitsIn(posts: string): string {
  return `WITH matching AS MATERIALIZED (
      SELECT id, moblog_id, audience, published_at FROM post WHERE ${MAY_MATCH} LIMIT ${REACH}
    ), named AS MATERIALIZED (
      SELECT id, newest_public_at FROM moblog WHERE array_to_tsvector(words) @@ $1::tsquery LIMIT ${REACH}
    )
    (
      SELECT id AS "moblogId", NULL AS audience, newest_public_at AS at FROM named
      ORDER BY newest_public_at DESC NULLS LAST, id DESC LIMIT ${MOBLOGS}
    ) UNION ALL (
      SELECT moblog_id, audience::text, max(published_at) FROM (
        SELECT * FROM (${posts}) AS found ORDER BY published_at DESC LIMIT ${POSTS}
      ) AS newest GROUP BY moblog_id, audience
    )`
}
