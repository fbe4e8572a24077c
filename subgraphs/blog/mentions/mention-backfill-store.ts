import type { Pool } from '../database.ts'

/** The last post whose older mentions were found; null if none are left. */
export async function findBackfillPosition(pool: Pool): Promise<string | null> {
  const { rows } = await pool.query<{ afterId: string }>(
    'SELECT after_id AS "afterId" FROM mention_backfill WHERE NOT done',
  )
  return rows[0]?.afterId ?? null
}

/** The texts of posts after one, in the order of ids. */
export async function findTextsAfter(
  pool: Pool,
  afterId: string,
  limit: number,
): Promise<{ id: string; text: string }[]> {
  const { rows } = await pool.query<{ id: string; text: string }>(
    "SELECT id, text FROM post WHERE id > $1 AND text <> '' ORDER BY id LIMIT $2",
    [afterId, limit],
  )
  return rows
}

/** Records how far older mentions were found. A process that is behind another one moves nothing back. */
export async function saveBackfillPosition(pool: Pool, afterId: string, isDone: boolean): Promise<void> {
  await pool.query('UPDATE mention_backfill SET after_id = $1, done = $2 WHERE after_id <= $1 AND NOT done', [
    afterId,
    isDone,
  ])
}
