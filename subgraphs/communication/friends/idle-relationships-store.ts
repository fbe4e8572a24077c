import type pg from 'pg'

const DELETED_AT_ONCE = 1_000

/**
 * Deletes some rows of relationships that say nothing any more: there is no relationship, no mute, and no token that was
 * revoked before this instant can still be valid. Rows that a transaction is about to change are left out.
 *
 * @returns whether there may be more
 */
export async function deleteSomeIdle(pool: pg.Pool, revokedBefore: Date): Promise<boolean> {
  const { rowCount } = await pool.query(
    `WITH idle AS (
       SELECT user_id, other_id FROM relationships
       WHERE kind = 'NONE' AND muted_at IS NULL AND (revoked_at IS NULL OR revoked_at < $1)
       LIMIT ${DELETED_AT_ONCE} FOR UPDATE SKIP LOCKED
     )
     DELETE FROM relationships AS r USING idle WHERE r.user_id = idle.user_id AND r.other_id = idle.other_id`,
    [revokedBefore],
  )
  return rowCount === DELETED_AT_ONCE
}
