import type pg from 'pg'

// How long a gateway's word that someone is there holds; it says so again well before. The database's clock tells, which
// is one for all replicas.
const LEASE = "interval '60 s'"

/** Takes down whom a gateway process has live connections of. */
export async function holdPresence(
  pool: pg.Pool,
  holderId: string,
  { online, offline }: { online: readonly string[]; offline: readonly string[] },
): Promise<void> {
  if (online.length > 0) {
    // In order, as all who write several rows do, so that none waits for another for ever.
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

/** Those of some users who are there. */
export async function findPresent(pool: pg.Pool, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'present',
    text: 'SELECT DISTINCT user_id AS id FROM presences WHERE user_id = ANY ($1::uuid[]) AND until > now()',
    values: [ids],
  })
  return new Set(rows.map(({ id }) => id))
}

/** Forgets leases that ran out, so that when somebody was last there is known to nobody. */
export async function forgetAbsent(pool: pg.Pool): Promise<void> {
  await pool.query('DELETE FROM presences WHERE until <= now()')
}
