import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { unavailable } from '../errors.ts'
import type { Log } from '../log.ts'

/** The database connection that held a lock is gone, so another process may have the lock now. */
export class LockLost extends Error {
  override name = 'LockLost'
}

/** What happens to a lock while it is held. */
export type LockEvents = {
  /** Another process waits for the lock. It may call this several times. */
  asked(): void
  /** The lock is lost. Everything that is done under the lock must stop at once. */
  lost(error: LockLost): void
}

/** Locks by name that all processes on one database share. One process must not take a lock that it holds already. */
export type SessionLocks = {
  /**
   * Takes a lock. If another process holds it, asks that process to leave, and waits.
   *
   * @param waiting stops waiting when it aborts
   * @returns releases the lock
   * @throws the reason of `waiting`, or an error if the database does not answer
   */
  take(name: string, events: LockEvents, waiting?: AbortSignal): Promise<() => Promise<void>>
  /** Whether another process holds the lock. */
  isHeldElsewhere(name: string): Promise<boolean>
  close(): Promise<void>
}

type Options = {
  url: string
  applicationName: string
  /** The first part of the names of the two channels on which processes notify each other. */
  channel: string
  log: Log
}

/** A connection with the locks that it holds. */
type Connection = { client: pg.Client; held: Map<string, LockEvents & { isAsked: boolean }> }

// A notice that is lost or comes too early delays a waiting process no longer than this.
const LOOK_AGAIN_MS = 250
const ANSWER_WITHIN_MS = 10_000
const LONGEST_PAUSE_MS = 2_000

/**
 * Opens locks on one dedicated database connection (advisory locks of the session). PostgreSQL releases them when the
 * connection ends, so the locks of a killed process are free at once. If the connection is lost, `lost` is called for
 * each lock, and the connection is opened again.
 */
export async function openSessionLocks(options: Options): Promise<SessionLocks> {
  const { applicationName, channel, log } = options
  const closing = new AbortController()
  const waiters = new Map<string, Set<() => void>>()
  let current: Connection | null = null

  const connect = async () => {
    const client = new pg.Client({
      connectionString: options.url,
      application_name: applicationName,
      keepAlive: true,
      connectionTimeoutMillis: ANSWER_WITHIN_MS,
      query_timeout: ANSWER_WITHIN_MS,
    })
    client.on('error', () => {}) // 'end' reports it
    const connection: Connection = { client, held: new Map() }
    client.on('notification', ({ channel: from, payload = '' }) => {
      if (from === `${channel}_free`) for (const wake of waiters.get(payload) ?? []) wake()
      const lock = connection.held.get(payload)
      if (from !== `${channel}_leave` || !lock) return
      lock.isAsked = true
      lock.asked()
    })
    await client.connect()
    await client.query(`LISTEN "${channel}_leave"`)
    await client.query(`LISTEN "${channel}_free"`)
    client.once('end', () => lose(connection))
    current = connection
  }
  const lose = (connection: Connection) => {
    if (current !== connection) return
    current = null
    const locks = [...connection.held.values()]
    connection.held.clear()
    for (const lock of locks) lock.lost(new LockLost(`${applicationName}: database connection lost`))
    if (closing.signal.aborted) return
    log.warn({ session: applicationName, locks: locks.length }, 'database session lost; reconnecting')
    void reconnect()
  }
  const reconnect = async () => {
    for (let pauseMs = 50; !current && !closing.signal.aborted; pauseMs *= 2) {
      await sleep(Math.min(pauseMs, LONGEST_PAUSE_MS), undefined, { signal: closing.signal }).catch(() => {})
      if (!closing.signal.aborted) await connect().catch(() => {})
    }
  }

  let last: Promise<unknown> = Promise.resolve()
  /** Runs a statement after the previous ones. If it fails, the connection and its locks are given up. */
  const run = <Row extends pg.QueryResultRow>(connection: Connection, text: string, values: unknown[]) => {
    const turn = last.then(async () => {
      try {
        return (await connection.client.query<Row>(text, values)).rows
      } catch (error) {
        // It is not known which locks the connection holds now.
        lose(connection)
        void connection.client.end().catch(() => {})
        throw error
      }
    })
    last = turn.catch(() => {})
    return turn
  }
  const connected = (): Connection => {
    if (!current) throw unavailable('The database does not answer. Try again in a few seconds.')
    return current
  }
  const unlock = (connection: Connection, key: string) =>
    run(connection, 'SELECT pg_advisory_unlock($1::bigint)', [key])

  const release = async (connection: Connection, key: string) => {
    const lock = connection.held.get(key)
    if (!lock) return
    // If a statement fails, the connection ends, and the lock with it.
    await unlock(connection, key).catch(() => {})
    connection.held.delete(key)
    if (!lock.isAsked) return
    await run(connection, 'SELECT pg_notify($1, $2)', [`${channel}_free`, key]).catch(() => {})
  }

  await connect()
  return {
    async take(name, events, waiting) {
      const key = keyOf(name)
      for (;;) {
        waiting?.throwIfAborted()
        const connection = connected()
        const locked = 'SELECT pg_try_advisory_lock($1::bigint) AS taken'
        const [row] = await run<{ taken: boolean }>(connection, locked, [key])
        if (row?.taken) {
          if (current !== connection) continue
          if (waiting?.aborted) await unlock(connection, key)
          waiting?.throwIfAborted()
          connection.held.set(key, { ...events, isAsked: false })
          return () => release(connection, key)
        }
        const freed = untilFreed(waiters, key, waiting)
        const notified = run(connection, 'SELECT pg_notify($1, $2)', [`${channel}_leave`, key])
        await Promise.all([freed, notified])
      }
    },
    async isHeldElsewhere(name) {
      const rows = await run(
        connected(),
        `SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND pid <> pg_backend_pid()
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
           AND (classid::bigint << 32) | objid::bigint = $1::bigint`,
        [keyOf(name)],
      )
      return rows.length > 0
    },
    async close() {
      closing.abort()
      await current?.client.end().catch(() => {})
    },
  }
}

/** Resolves after a notice that the lock is free, after a pause, or if the waiting ends. */
function untilFreed(
  waiters: Map<string, Set<() => void>>,
  key: string,
  waiting?: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const own = waiters.get(key) ?? new Set()
    const wake = () => {
      clearTimeout(timer)
      waiting?.removeEventListener('abort', wake)
      own.delete(wake)
      if (own.size === 0) waiters.delete(key)
      resolve()
    }
    const timer = setTimeout(wake, LOOK_AGAIN_MS)
    waiting?.addEventListener('abort', wake, { once: true })
    waiters.set(key, own.add(wake))
  })
}

/** The number of a lock, from its name, as PostgreSQL wants it. */
function keyOf(name: string): string {
  return `${createHash('sha256').update(name).digest().readBigInt64BE(0)}`
}

/** Runs work while a lock is held, also if it is lost: for work that is safe but wasteful in two processes. */
export async function whileHeld<Result>(
  locks: SessionLocks,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const release = await locks.take(name, { asked: () => {}, lost: () => {} })
  try {
    return await work()
  } finally {
    await release()
  }
}
