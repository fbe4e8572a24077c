import type pg from 'pg'

/** How long a gateway's word that someone is there holds; it says so again well before. */
export const LEASE_MS = 60_000

/** Takes down whom a gateway process has live connections of. */
export async function holdPresence(
  pool: pg.Pool,
  holderId: string,
  { online, offline }: { online: readonly string[]; offline: readonly string[] },
  now: Date,
): Promise<void> {
  const until = new Date(now.getTime() + LEASE_MS)
  if (online.length > 0) {
    // In order, as all who write several rows do, so that none waits for another for ever.
    await pool.query({
      name: 'hold-presence',
      text: `INSERT INTO presences (user_id, holder, until)
        SELECT id, $2, $3 FROM users WHERE id = ANY ($1::uuid[]) ORDER BY id FOR KEY SHARE
        ON CONFLICT (user_id, holder) DO UPDATE SET until = excluded.until`,
      values: [online, holderId, until],
    })
  }
  if (offline.length > 0) {
    const text = 'DELETE FROM presences WHERE holder = $2 AND user_id = ANY ($1::uuid[])'
    await pool.query({ name: 'end-presence', text, values: [offline, holderId] })
  }
}

/** Those of some users who are there. */
export async function findPresent(pool: pg.Pool, ids: readonly string[], now: Date): Promise<Set<string>> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'present',
    text: 'SELECT DISTINCT user_id AS id FROM presences WHERE user_id = ANY ($1::uuid[]) AND until > $2',
    values: [ids, now],
  })
  return new Set(rows.map(({ id }) => id))
}

/** Forgets leases that ran out, so that when somebody was last there is known to nobody. */
export async function forgetAbsent(pool: pg.Pool, now: Date): Promise<void> {
  await pool.query('DELETE FROM presences WHERE until <= $1', [now])
}
