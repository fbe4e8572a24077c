import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { unavailable } from '../errors.ts'
import type { Log } from '../log.ts'

/** A connection with the locks that it holds, by key. */
export type Connection<Lock> = { client: pg.Client; held: Map<string, Lock> }

type Options<Lock> = {
  url: string
  applicationName: string
  log: Log
  /** The channels to which the connection listens. */
  channels: readonly string[]
  /** Takes a notice on one of the channels. */
  onNotice(connection: Connection<Lock>, channel: string, payload: string): void
  /** Takes the locks of a connection that is lost. Other processes may hold them now. */
  onLost(locks: readonly Lock[]): void
}

/** The only connection that holds locks. It is opened again when it is lost. */
export type LockConnection<Lock> = {
  /** @throws VisibleError `SERVICE_UNAVAILABLE` while the connection is lost */
  current(): Connection<Lock>
  isCurrent(connection: Connection<Lock>): boolean
  /** Runs a statement after the previous ones. If it fails, the connection and its locks are given up. */
  run<Row extends pg.QueryResultRow>(
    connection: Connection<Lock>,
    text: string,
    values: unknown[],
  ): Promise<Row[]>
  close(): Promise<void>
}

const ANSWER_WITHIN_MS = 10_000
const LONGEST_PAUSE_MS = 2_000

/** Opens a connection that holds locks. Rejects if the first attempt to connect fails. */
export async function openLockConnection<Lock>(options: Options<Lock>): Promise<LockConnection<Lock>> {
  const { url, applicationName, channels, log } = options
  const closing = new AbortController()
  let current: Connection<Lock> | null = null

  const connect = async () => {
    const client = new pg.Client({
      connectionString: url,
      application_name: applicationName,
      keepAlive: true,
      connectionTimeoutMillis: ANSWER_WITHIN_MS,
      query_timeout: ANSWER_WITHIN_MS,
    })
    client.on('error', () => {}) // 'end' reports it
    const connection: Connection<Lock> = { client, held: new Map() }
    client.on('notification', ({ channel, payload = '' }) => options.onNotice(connection, channel, payload))
    await client.connect()
    for (const channel of channels) await client.query(`LISTEN "${channel}"`)
    client.once('end', () => lose(connection))
    current = connection
  }
  const lose = (connection: Connection<Lock>) => {
    if (current !== connection) return
    current = null
    const locks = [...connection.held.values()]
    connection.held.clear()
    options.onLost(locks)
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
  await connect()
  return {
    current() {
      if (!current) throw unavailable('The database does not answer. Try again in a few seconds.')
      return current
    },
    isCurrent: (connection) => current === connection,
    run<Row extends pg.QueryResultRow>(connection: Connection<Lock>, text: string, values: unknown[]) {
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
    },
    async close() {
      closing.abort()
      await current?.client.end().catch(() => {})
    },
  }
}
