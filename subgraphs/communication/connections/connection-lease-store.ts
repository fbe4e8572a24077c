import type pg from 'pg'

/** The open connections of one key, such as a user's streams, at one gateway process, by their age in milliseconds. */
export type HeldConnections = { key: string; ages: readonly number[] }

/** How many of a process's connections of a key may stay open: the newest ones. */
export type KeptConnections = { key: string; keep: number }

// Times come from the database's clock, which is the same for all replicas.
const LEASE = "interval '60 s'"

/** Replaces the leases of a gateway process. A lease without connections is deleted. */
export async function saveConnectionLeases(
  pool: pg.Pool,
  processId: string,
  { held, released }: { held: readonly HeldConnections[]; released: readonly string[] },
): Promise<void> {
  if (held.length > 0) {
    // Rows are written in order, as in all statements that write several rows, so transactions do not deadlock.
    await pool.query({
      name: 'hold-connections',
      text: `INSERT INTO connection_leases (key, process, opened, until)
        SELECT h.key, $2,
          ARRAY(SELECT now() - make_interval(secs => age::float8 / 1000) FROM jsonb_array_elements_text(h.ages) AS age),
          now() + ${LEASE}
        FROM jsonb_to_recordset($1::jsonb) AS h (key text, ages jsonb) ORDER BY h.key
        ON CONFLICT (key, process) DO UPDATE SET opened = excluded.opened, until = excluded.until`,
      values: [JSON.stringify(held), processId],
    })
  }
  if (released.length > 0) {
    const text = 'DELETE FROM connection_leases WHERE process = $2 AND key = ANY ($1::text[])'
    await pool.query({ name: 'release-connections', text, values: [released, processId] })
  }
}

/** Finds the keys with more than `most` connections, and how many of the newest ones are at this process. */
export async function findExcessConnections(
  pool: pg.Pool,
  processId: string,
  keys: readonly string[],
  most: number,
): Promise<KeptConnections[]> {
  const { rows } = await pool.query<KeptConnections>({
    name: 'excess-connections',
    text: `SELECT key, (count(*) FILTER (WHERE process = $2 AND place <= $3))::int AS keep
      FROM (
        SELECT key, process, row_number() OVER (PARTITION BY key ORDER BY instant DESC, process) AS place
        FROM connection_leases, unnest(opened) AS instant
        WHERE key = ANY ($1::text[]) AND until > now()
      ) AS connections
      GROUP BY key HAVING count(*) > $3`,
    values: [keys, processId, most],
  })
  return rows
}

/** Deletes leases of gateway processes that have ended without giving them back. */
export async function forgetConnectionLeases(pool: pg.Pool): Promise<void> {
  await pool.query('DELETE FROM connection_leases WHERE until <= now()')
}
