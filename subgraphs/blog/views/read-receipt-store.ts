import type { Pool } from '../database.ts'

/** Whether a user's read receipts are on. They are on at first. */
export async function hasReadReceipts(pool: Pool, userId: string): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'read-receipts',
    text: 'SELECT FROM read_receipt_opt_out WHERE user_id = $1',
    values: [userId],
  })
  return rowCount === 0
}

/** Turns a user's read receipts on or off. */
export async function saveReadReceipts(pool: Pool, userId: string, enabled: boolean): Promise<void> {
  const text = enabled
    ? 'DELETE FROM read_receipt_opt_out WHERE user_id = $1'
    : 'INSERT INTO read_receipt_opt_out (user_id) VALUES ($1) ON CONFLICT DO NOTHING'
  await pool.query(text, [userId])
}
