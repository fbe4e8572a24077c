import type pg from 'pg'

// Enough for home, work, school, a phone's carrier and some more.
const MOST_PER_USER = 20
const REFRESHED_AFTER = '1 day'

/** Whether a user has signed in from a network before. */
export async function isKnownNetwork(pool: pg.Pool, userId: string, network: Buffer): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'known-network',
    text: 'SELECT FROM known_networks WHERE user_id = $1 AND network = $2',
    values: [userId, network],
  })
  return rowCount === 1
}

/** Records that a user has signed in from a network. Each user's 20 latest networks are kept. */
export async function saveKnownNetwork(
  pool: pg.Pool,
  userId: string,
  network: Buffer,
  now: Date,
): Promise<void> {
  const { rowCount } = await pool.query({
    name: 'remember-network',
    text: `INSERT INTO known_networks AS known (user_id, network, last_at)
      SELECT id, $2, $3 FROM users WHERE id = $1
      ON CONFLICT (user_id, network) DO UPDATE SET last_at = excluded.last_at
      WHERE known.last_at < excluded.last_at - interval '${REFRESHED_AFTER}'`,
    values: [userId, network, now],
  })
  if (rowCount === 0) return
  await pool.query(
    `DELETE FROM known_networks WHERE (user_id, network) IN (
      SELECT user_id, network FROM known_networks WHERE user_id = $1 ORDER BY last_at DESC OFFSET ${MOST_PER_USER})`,
    [userId],
  )
}

/** Deletes the networks from which nobody has signed in since an instant. */
export async function forgetOldNetworks(pool: pg.Pool, before: Date): Promise<void> {
  await pool.query('DELETE FROM known_networks WHERE last_at < $1', [before])
}
