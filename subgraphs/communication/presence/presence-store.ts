import type pg from 'pg'

// How long a gateway's report that a user is online is valid. The gateway renews it well before. Times come from the
// database's clock, which is the same for all replicas.
const LEASE = "interval '60 s'"

/** Records which users have live connections to a gateway process. */
export async function holdPresence(
  pool: pg.Pool,
  holderId: string,
  { online, offline }: { online: readonly string[]; offline: readonly string[] },
): Promise<void> {
  if (online.length > 0) {
    // Rows are written in order, as in all statements that write several rows, so transactions do not deadlock.
    await pool.query({
      name: 'hold-presence',
      text: `INSERT INTO presences (user_id, holder, until)
        SELECT id, $2, now() + ${LEASE} FROM users WHERE id = ANY ($1::uuid[]) ORDER BY id FOR KEY SHARE
        ON CONFLICT (user_id, holder) DO UPDATE SET until = excluded.until`,
      values: [online, holderId],
    })
  }
  if (offline.length > 0) {
    const text = 'DELETE FROM presences WHERE holder = $2 AND user_id = ANY ($1::uuid[])'
    await pool.query({ name: 'end-presence', text, values: [offline, holderId] })
  }
}

/** Returns which of the given users are online. */
export async function findPresent(pool: pg.Pool, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'present',
    text: 'SELECT DISTINCT user_id AS id FROM presences WHERE user_id = ANY ($1::uuid[]) AND until > now()',
    values: [ids],
  })
  return new Set(rows.map(({ id }) => id))
}

/** Deletes expired leases, so the database does not reveal when a user was last online. */
export async function forgetAbsent(pool: pg.Pool): Promise<void> {
  await pool.query('DELETE FROM presences WHERE until <= now()')
}
