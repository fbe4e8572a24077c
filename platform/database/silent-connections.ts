import pg from 'pg'

// Longer than any statement and any wait for a lock. PostgreSQL need not answer sooner.
const SILENT_MS = 60_000

/**
 * Closes the connections of a pool that are in use and over which no byte has come or gone for a minute. A network or a server
 * that fails may leave a connection open, and TCP notices only after a quarter of an hour. Until then, all requests that get
 * such a connection would fail.
 */
export function closeSilentConnections(pool: pg.Pool, silentMs = SILENT_MS): void {
  const inUse = new WeakSet<pg.PoolClient>()
  pool.on('acquire', (client) => void inUse.add(client))
  pool.on('release', (_error, client) => void inUse.delete(client))
  pool.on('connect', (client) => {
    if (!(client instanceof pg.Client)) return
    const { stream } = client.connection
    if (!('setTimeout' in stream) || typeof stream.setTimeout !== 'function') return
    // Node calls this again after each further silence. A connection that is not in use may be silent.
    stream.setTimeout(silentMs, () => {
      if (inUse.has(client)) stream.destroy()
    })
  })
}
