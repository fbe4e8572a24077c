import type { PageAccessRevocation } from '../../../generated/graphql/internal/blog.ts'
import type { Pool } from '../database.ts'

/** What the revocations of a page token depend on. */
export type RevocableToken = {
  moblogId: string
  viewerId: string | null
  sessionId: string | null
  issuedAt: Date
}

/** Means every owner or every viewer. Not null, so that the column can be part of a primary key. */
const ANYONE = '00000000-0000-0000-0000-000000000000'

// Longer than the life of any page token: PAGE_TOKEN_SECONDS may be up to half a week.
const KEEP = '8 days'

const REVOKE_SESSIONS = `INSERT INTO session_revocation (session_id, issued_until)
  SELECT session_id, max(issued_until) FROM unnest($1::uuid[], $2::timestamptz[]) AS revoked (session_id, issued_until)
  GROUP BY session_id
  ORDER BY session_id
  ON CONFLICT (session_id) DO UPDATE
    SET issued_until = greatest(session_revocation.issued_until, excluded.issued_until)`

const REVOKE_PAGES = `INSERT INTO page_revocation (owner_id, viewer_id, issued_until)
  SELECT owner_id, viewer_id, max(issued_until)
  FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS revoked (owner_id, viewer_id, issued_until)
  GROUP BY owner_id, viewer_id
  ORDER BY owner_id, viewer_id
  ON CONFLICT (owner_id, viewer_id) DO UPDATE
    SET issued_until = greatest(page_revocation.issued_until, excluded.issued_until)`

/** Saves token revocations. Repeating one, or sending an earlier instant, changes nothing. */
export async function revokePageTokens(
  pool: Pool,
  revocations: readonly PageAccessRevocation[],
): Promise<void> {
  const sessions = revocations.filter(({ sessionId }) => sessionId != null)
  const pages = revocations.filter(({ sessionId }) => sessionId == null)
  const untilOf = (some: readonly PageAccessRevocation[]) =>
    some.map(({ issuedUntil }) => issuedUntil.toISOString())
  if (sessions.length > 0) {
    const ids = sessions.map(({ sessionId }) => sessionId)
    await pool.query({ text: REVOKE_SESSIONS, values: [ids, untilOf(sessions)] })
  }
  if (pages.length > 0) {
    const owners = pages.map(({ ownerId }) => ownerId ?? ANYONE)
    const viewers = pages.map(({ viewerId }) => viewerId ?? ANYONE)
    await pool.query({ text: REVOKE_PAGES, values: [owners, viewers, untilOf(pages)] })
  }
  for (const table of ['session_revocation', 'page_revocation']) {
    await pool.query(`DELETE FROM ${table} WHERE issued_until < now() - interval '${KEEP}'`)
  }
}

/**
 * Whether a token was revoked. This reads the tables each time: it costs two index lookups, and a revocation takes
 * effect at once in every replica of the service.
 */
export async function isRevoked(pool: Pool, token: RevocableToken): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'page-revocations',
    text: `(SELECT FROM page_revocation
        WHERE owner_id = ANY ($1::uuid[]) AND viewer_id = ANY ($2::uuid[]) AND issued_until >= $3 LIMIT 1)
      UNION ALL
      SELECT FROM session_revocation WHERE session_id = $4 AND issued_until >= $3`,
    values: [
      [token.moblogId, ANYONE],
      token.viewerId === null ? [ANYONE] : [token.viewerId, ANYONE],
      token.issuedAt.toISOString(),
      token.sessionId,
    ],
  })
  return rowCount !== 0
}
