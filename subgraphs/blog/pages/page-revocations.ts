import type pg from 'pg'
import type { PageAccessRevocation } from '../../../generated/graphql/blog.ts'
import type { PageToken } from './page-token.ts'

/** Stands for every owner or every viewer, so that it can be part of a primary key. */
const ANYONE = '00000000-0000-0000-0000-000000000000'

// Longer than any page token lives: PAGE_TOKEN_SECONDS may be up to half a week.
const KEEP = '8 days'

/** Remembers that tokens no longer open anything. Doing it again, or with an earlier instant, changes nothing. */
export async function revokePageTokens(
  pool: pg.Pool,
  revocations: readonly PageAccessRevocation[],
): Promise<void> {
  await pool.query({
    text: `INSERT INTO page_revocation (owner_id, viewer_id, issued_until)
      SELECT owner_id, viewer_id, max(issued_until)
      FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS revoked (owner_id, viewer_id, issued_until)
      GROUP BY owner_id, viewer_id
      ORDER BY owner_id, viewer_id
      ON CONFLICT (owner_id, viewer_id) DO UPDATE
        SET issued_until = greatest(page_revocation.issued_until, excluded.issued_until)`,
    values: [
      revocations.map(({ ownerId }) => ownerId ?? ANYONE),
      revocations.map(({ viewerId }) => viewerId ?? ANYONE),
      revocations.map(({ issuedUntil }) => issuedUntil.toISOString()),
    ],
  })
  await pool.query(`DELETE FROM page_revocation WHERE issued_until < now() - interval '${KEEP}'`)
}

/**
 * Whether a token was revoked. Read from the table each time: it is one look into an index, and right at once in every
 * replica of the service.
 */
export async function isRevoked(pool: pg.Pool, token: PageToken): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'page-revocations',
    text: `SELECT FROM page_revocation
      WHERE owner_id = ANY ($1::uuid[]) AND viewer_id = ANY ($2::uuid[]) AND issued_until >= $3 LIMIT 1`,
    values: [
      [token.moblogId, ANYONE],
      token.viewerId === null ? [ANYONE] : [token.viewerId, ANYONE],
      token.issuedAt.toISOString(),
    ],
  })
  return rowCount === 1
}
