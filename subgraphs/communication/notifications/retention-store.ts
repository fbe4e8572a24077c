import type { Pool } from '../database.ts'

const BATCH = 5_000

/**
 * Deletes notifications that are older than the retention, read or not, in small batches. Several processes may run it.
 *
 * @returns how many were deleted
 */
export async function pruneNotifications(pool: Pool, before: Date): Promise<number> {
  let pruned = 0
  for (;;) {
    const { rowCount } = await pool.query(
      `WITH old AS (
         SELECT user_id, position FROM notifications WHERE created_at < $1 LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
       DELETE FROM notifications n USING old WHERE n.user_id = old.user_id AND n.position = old.position`,
      [before],
    )
    pruned += rowCount ?? 0
    if ((rowCount ?? 0) < BATCH) return pruned
  }
}

/**
 * Deletes retractions that are older than every notification that they could hide, in small batches.
 *
 * @param before earlier than the limit of `pruneNotifications`, because the clocks of services differ
 */
export async function pruneRetractions(pool: Pool, before: Date): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query(
      `DELETE FROM retractions WHERE subject IN (
         SELECT subject FROM retractions WHERE at < $1 LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)`,
      [before],
    )
    if ((rowCount ?? 0) < BATCH) return
  }
}
