import type pg from 'pg'

/** Finds when the newest access tokens of sessions were issued. Sessions that have ended are left out. */
export async function findNewestTokens(
  pool: pg.Pool,
  sessionIds: readonly string[],
  now: Date,
): Promise<Map<string, Date>> {
  const { rows } = await pool.query<{ id: string; issuedAt: Date }>({
    name: 'newest tokens',
    text: `SELECT id, last_used_at AS "issuedAt" FROM sessions WHERE id = ANY ($1::uuid[]) AND expires_at > $2`,
    values: [sessionIds, now],
  })
  return new Map(rows.map(({ id, issuedAt }) => [id, issuedAt]))
}
