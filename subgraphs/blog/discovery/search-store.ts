import type pg from 'pg'
import { createPool } from '../../../platform/database/pool.ts'
import { hasCode } from '../../../platform/system-error.ts'
import { isLive } from '../access/channels.ts'
import { notHidden } from '../access/not-hidden.ts'
import type { PostAudience } from '../access/viewer-relationship.ts'

/** A match of a search, with the moblog that contains it. */
export type SearchHit = {
  moblogId: string
  /** Who may see the matching posts. Null for the moblog's own name, visible to everyone who sees the moblog. */
  post: PostAudience | null
  /**
   * When the newest matching post was published. For a moblog's own name, when its newest public post was published.
   */
  at: Date | null
}

// Limits of a search. Only searches that match nearly everything exceed them.
const MOBLOGS = 200
const POSTS = 1_000

// How many matches are read to find the newest ones. If more posts than this contain a word, the search also scans this
// many of the newest posts. A prefix that all words share therefore costs as much as any other prefix.
const REACH = 20_000

const LONGEST_MS = 500

// The PostgreSQL error code for a statement that was canceled because it took too long.
const QUERY_CANCELED = '57014'

/** Returns the size of the pool for searches, which belongs to a service with a pool of `poolSize`. */
export function searchPoolSize(poolSize: number): number {
  return Math.max(1, Math.floor(0.4 * poolSize))
}

/** Creates a pool for searches only. Other work does not wait for searches, and each search has a time limit. */
export function createSearchPool(options: Parameters<typeof createPool>[0]): pg.Pool {
  const url = new URL(options.url)
  // The planner cannot estimate how many words start with a prefix, and must not choose a scan of the whole table.
  const settings = `-c statement_timeout=${LONGEST_MS} -c enable_seqscan=off -c jit=off`
  url.searchParams.set('options', `${url.searchParams.get('options') ?? ''} ${settings}`.trim())
  return createPool({ ...options, url: url.href })
}

/**
 * Finds matches of a search: the moblogs with the most recent posts whose own name or description matches, and the
 * moblogs with the most recent matching posts. Posts with the audience `ONLY_ME` are left out unless the viewer is the
 * author, and so are posts that the viewer has hidden. For very common words, old matches may be missing.
 *
 * @param pool see `createSearchPool`
 * @param tsquery see `searchQuery`
 * @param hidden the users who do not exist for the viewer. They take no places within the limits, because the number of
 *   matches would show that they exist.
 */
export async function findHits(
  pool: pg.Pool,
  viewerId: string | null,
  tsquery: string,
  hidden: readonly string[],
  now: Date,
): Promise<SearchHit[]> {
  const values = [tsquery, viewerId, now, hidden]
  try {
    return toHits((await pool.query<HitRow>({ name: 'search', text: hitsIn(MATCHING), values })).rows)
  } catch (error) {
    if (!hasCode(error, QUERY_CANCELED)) throw error
    return toHits((await pool.query<HitRow>({ name: 'search-newest', text: hitsIn(NEWEST), values })).rows)
  }
}

type HitRow = Omit<SearchHit, 'post'> & {
  audience: PostAudience['audience'] | null
  audienceListId: string | null
}

// The statement leaves out expired posts, so an expiry after it does not matter.
function toHits(rows: readonly HitRow[]): SearchHit[] {
  return rows.map(({ audience, audienceListId, ...hit }) => ({
    ...hit,
    post: audience && { audience, audienceListId, expiresAt: null },
  }))
}

const MAY_MATCH = `array_to_tsvector(words) @@ $1::tsquery AND published_at < 'infinity'
  AND moblog_id <> ALL ($4::uuid[]) AND (audience <> 'ONLY_ME' OR moblog_id = $2::uuid) AND ${isLive('$3')}`

const NEWEST = `SELECT id, moblog_id, audience, audience_list_id, published_at FROM (
    SELECT * FROM post WHERE published_at < 'infinity' AND moblog_id <> ALL ($4::uuid[])
    ORDER BY published_at DESC LIMIT ${REACH}
  ) AS newest WHERE ${MAY_MATCH}`

// The index on words returns matches in no order. If there are more than it reads, the newest matches are read from the
// newest posts.
const MATCHING = `SELECT * FROM matching UNION ALL
  SELECT * FROM (${NEWEST}) AS recent WHERE (SELECT count(*) FROM matching) = ${REACH}`

function hitsIn(posts: string): string {
  return `WITH matching AS MATERIALIZED (
      SELECT id, moblog_id, audience, audience_list_id, published_at FROM post WHERE ${MAY_MATCH} LIMIT ${REACH}
    ), named AS MATERIALIZED (
      SELECT id, newest_public_at FROM moblog
      WHERE array_to_tsvector(words) @@ $1::tsquery AND id <> ALL ($4::uuid[]) LIMIT ${REACH}
    )
    (
      SELECT id AS "moblogId", NULL AS audience, NULL AS "audienceListId", newest_public_at AS at FROM named
      ORDER BY newest_public_at DESC NULLS LAST, id DESC LIMIT ${MOBLOGS}
    ) UNION ALL (
      SELECT moblog_id, audience::text, audience_list_id::text, max(published_at) FROM (
        SELECT * FROM (${posts}) AS found ORDER BY published_at DESC LIMIT ${POSTS}
      ) AS newest WHERE ${notHidden('newest.id', '$2')} GROUP BY moblog_id, audience, audience_list_id
    )`
}
