import pg from 'pg'

/**
 * Who uses the embedded PostgreSQL, and who minds it, is told by advisory locks of its own `postgres` database:
 * they end with their process, however it ends, so that there is nothing to go stale.
 */
const usersLock = 0x6d6f626c // shared by every user; the supervisor tries to get it alone
const supervisorLock = 0x6d6f626d

export const lifelineChannel = 'moblog_lifeline'

/** The address of the embedded PostgreSQL for one of its roles. It speaks no TLS, whatever PGSSLMODE says. */
export function embeddedUrl(port: number, role: string, password: string): string {
  return `postgresql://${role}:${password}@127.0.0.1:${port}/postgres?sslmode=disable`
}

/**
 * Connects, and registers as a user of the embedded PostgreSQL until the connection ends. Fails where it is about
 * to shut down: the supervisor then holds the lock, and takes the waiting connection down with the rest.
 */
export async function connectLifeline(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'moblog lifeline',
    connectionTimeoutMillis: 5000,
  })
  client.on('error', () => {}) // told by 'end'
  try {
    await client.connect()
    await client.query(`SELECT pg_advisory_lock_shared(${usersLock})`)
    await client.query(`NOTIFY ${lifelineChannel}`)
    return client
  } catch (error) {
    await client.end().catch(() => {})
    throw error
  }
}

/** Whether the connection keeps its process alive, as it does at first. pg's types leave this out. */
export function keepsProcessAlive(client: pg.Client, keeps: boolean): void {
  const socket = client as unknown as { ref(): void; unref(): void }
  if (keeps) socket.ref()
  else socket.unref()
}

/** Ends a lifeline. Resolves to true if it was the last. */
export async function endLifeline(client: pg.Client): Promise<boolean> {
  try {
    await client.query(`SELECT pg_advisory_unlock_shared(${usersLock})`)
    const others = await client.query(
      `SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = ${usersLock} AND mode = 'ShareLock' LIMIT 1`,
    )
    await client.query(`NOTIFY ${lifelineChannel}`)
    return others.rowCount === 0
  } finally {
    await client.end()
  }
}

/** Whether a supervisor minds this PostgreSQL. */
export async function isSupervised(client: pg.Client): Promise<boolean> {
  const holders = await client.query(
    `SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = ${supervisorLock} LIMIT 1`,
  )
  return holders.rowCount === 1
}

async function tryLock(client: pg.Client, key: number): Promise<boolean> {
  const { rows } = await client.query(`SELECT pg_try_advisory_lock(${key}) AS taken`)
  return rows[0].taken
}

/** Makes this connection the supervisor's, unless there is one. */
export function takeSupervision(client: pg.Client): Promise<boolean> {
  return tryLock(client, supervisorLock)
}

/** Shuts new users out if there are none; resolves to false if there are some. */
export function lockOutUsers(client: pg.Client): Promise<boolean> {
  return tryLock(client, usersLock)
}

/** Lets users in again. */
export async function admitUsers(client: pg.Client): Promise<void> {
  await client.query(`SELECT pg_advisory_unlock(${usersLock})`)
}
