import type pg from 'pg'
import type { Audience } from '../../../generated/graphql/blog.ts'

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

/**
 * What matches a search: the moblogs with the most recent posts whose own name or description does, and the moblogs in
 * which the most recent posts do. Posts that are for their author alone are left out unless it is the viewer.
 *
 * @param tsquery see `searchQuery`
 */
export async function findHits(
  pool: pg.Pool,
  viewerId: string | null,
  tsquery: string,
): Promise<SearchHit[]> {
  // Without a name, so that it is planned for the words that are searched for: a common one is read from the other end.
  const { rows } = await pool.query<SearchHit>({
    text: `(
        SELECT id AS "moblogId", NULL AS audience, newest_public_at AS at FROM moblog
        WHERE array_to_tsvector(words) @@ $1::tsquery
        ORDER BY newest_public_at DESC NULLS LAST, id DESC LIMIT ${MOBLOGS}
      ) UNION ALL (
        SELECT moblog_id, audience::text, max(published_at) FROM (
          SELECT moblog_id, audience, published_at FROM post
          WHERE array_to_tsvector(words) @@ $1::tsquery AND published_at < 'infinity'
            AND (audience <> 'ONLY_ME' OR moblog_id = $2::uuid)
          ORDER BY published_at DESC LIMIT ${POSTS}
        ) AS newest GROUP BY moblog_id, audience
      )`,
    values: [tsquery, viewerId],
  })
  return rows
}
