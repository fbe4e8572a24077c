import { existsSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'

/**
 * Advisory locks in the embedded PostgreSQL's `postgres` database show which processes use it and which one supervises
 * it. A lock ends with its process, even if the process is killed, so locks cannot become stale.
 */
const usersLock = 0x6d6f626c // each user holds it shared; the supervisor tries to get it exclusively
const supervisorLock = 0x6d6f626d

export const lifelineChannel = 'moblog_lifeline'

// The longest path of a Unix socket on macOS; Linux allows 107 bytes.
const MAX_SOCKET_PATH = 103

/**
 * The address of the embedded PostgreSQL for one role. It does not use TLS, regardless of PGSSLMODE. Connections use the
 * Unix socket in the folder of the cluster, because it costs less processor time than TCP. They use TCP if the path is
 * too long, or if an earlier version started this PostgreSQL without a socket.
 */
export function embeddedUrl(cluster: string, port: number, role: string, password: string): string {
  const url = `postgresql://${role}:${password}@127.0.0.1:${port}/postgres?sslmode=disable`
  const socket = path.join(cluster, `.s.PGSQL.${port}`)
  const isUsable = Buffer.byteLength(socket) <= MAX_SOCKET_PATH && existsSync(socket)
  return isUsable ? `${url}&host=${encodeURIComponent(cluster)}` : url
}

/**
 * Connects to the embedded PostgreSQL and registers as a user until the connection ends. Fails if PostgreSQL is about
 * to shut down: the supervisor then holds the lock, and the shutdown ends this waiting connection too.
 */
export async function connectLifeline(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'moblog lifeline',
    connectionTimeoutMillis: 5000,
  })
  client.on('error', () => {}) // 'end' reports it
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

/** Sets whether the connection keeps its process alive. At first it does. pg's types do not declare these methods. */
export function keepsProcessAlive(client: pg.Client, keeps: boolean): void {
  const socket = client as unknown as { ref(): void; unref(): void }
  if (keeps) socket.ref()
  else socket.unref()
}

/** Ends a lifeline. Resolves to true if it was the last one. */
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

/** Whether this PostgreSQL has a supervisor. */
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

/** Makes this connection the supervisor's connection. Resolves to false if there already is a supervisor. */
export function takeSupervision(client: pg.Client): Promise<boolean> {
  return tryLock(client, supervisorLock)
}

/** Locks new users out if there are no users now. Resolves to false if there are users. */
export function lockOutUsers(client: pg.Client): Promise<boolean> {
  return tryLock(client, usersLock)
}

/** Lets users connect again. */
export async function admitUsers(client: pg.Client): Promise<void> {
  await client.query(`SELECT pg_advisory_unlock(${usersLock})`)
}
