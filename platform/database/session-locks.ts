import { createHash } from 'node:crypto'
import type { Log } from '../log.ts'
import { type Connection, openLockConnection } from './lock-connection.ts'

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

type Lock = LockEvents & { isAsked: boolean }

// A notice that is lost or comes too early delays a waiting process no longer than this.
const LOOK_AGAIN_MS = 250

/**
 * Opens locks on one dedicated database connection (advisory locks of the session). PostgreSQL releases them when the
 * connection ends, so the locks of a killed process are free at once. If the connection is lost, `lost` is called for
 * each lock, and the connection is opened again.
 */
export async function openSessionLocks(options: Options): Promise<SessionLocks> {
  const [leave, free] = [`${options.channel}_leave`, `${options.channel}_free`]
  const waiters = new Map<string, Set<() => void>>()
  const { current, isCurrent, run, close } = await openLockConnection<Lock>({
    ...options,
    channels: [leave, free],
    onNotice({ held }, channel, key) {
      if (channel === free) for (const wake of waiters.get(key) ?? []) wake()
      const lock = held.get(key)
      if (channel !== leave || !lock) return
      lock.isAsked = true
      lock.asked()
    },
    onLost(locks) {
      for (const lock of locks)
        lock.lost(new LockLost(`${options.applicationName}: database connection lost`))
    },
  })
  const unlock = (connection: Connection<Lock>, key: string) =>
    run(connection, 'SELECT pg_advisory_unlock($1::bigint)', [key])
  const release = async (connection: Connection<Lock>, key: string) => {
    const lock = connection.held.get(key)
    if (!lock) return
    // If a statement fails, the connection ends, and the lock with it.
    await unlock(connection, key).catch(() => {})
    connection.held.delete(key)
    if (!lock.isAsked) return
    await run(connection, 'SELECT pg_notify($1, $2)', [free, key]).catch(() => {})
  }

  return {
    async take(name, events, waiting) {
      const key = keyOf(name)
      for (;;) {
        waiting?.throwIfAborted()
        const connection = current()
        const locked = 'SELECT pg_try_advisory_lock($1::bigint) AS taken'
        const [row] = await run<{ taken: boolean }>(connection, locked, [key])
        if (row?.taken) {
          if (!isCurrent(connection)) continue
          if (waiting?.aborted) await unlock(connection, key)
          waiting?.throwIfAborted()
          connection.held.set(key, { ...events, isAsked: false })
          return () => release(connection, key)
        }
        const freed = untilFreed(waiters, key, waiting)
        const notified = run(connection, 'SELECT pg_notify($1, $2)', [leave, key])
        await Promise.all([freed, notified])
      }
    },
    async isHeldElsewhere(name) {
      const rows = await run(
        current(),
        `SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND pid <> pg_backend_pid()
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
           AND (classid::bigint << 32) | objid::bigint = $1::bigint`,
        [keyOf(name)],
      )
      return rows.length > 0
    },
    close,
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
