import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Log } from '../log.ts'

type Options = {
  url: string
  applicationName: string
  log: Log
  /** The channel to which every connection listens. */
  channel: string
  /** Takes the payload of a notice on the channel. */
  onNotice(payload: string): void
  /** Called when a new connection listens. Notices may have been missed before. If it fails, so does the connection. */
  onListening(): void | Promise<void>
}

/**
 * One database connection that listens to a channel and reconnects when it is lost. It may also hold locks, which last as
 * long as the connection.
 */
export type Session = {
  /** Runs a statement. Waits for the connection, and retries once on a new connection if it is lost meanwhile. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
  close(): Promise<void>
}

/** Opens a session. Rejects if the first connection fails. */
export async function openSession(options: Options): Promise<Session> {
  const { url, applicationName, log, channel } = options
  const closing = new AbortController()

  const connect = async () => {
    const client = new pg.Client({
      connectionString: url,
      application_name: applicationName,
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
    })
    client.on('error', () => {}) // 'end' reports it
    client.on('notification', ({ payload = '' }) => options.onNotice(payload))
    await client.connect()
    try {
      await client.query(`LISTEN "${channel}"`)
      await options.onListening()
    } catch (error) {
      await client.end().catch(() => {})
      throw error
    }
    return client
  }

  const reconnect = async (): Promise<pg.Client> => {
    for (let pause = 50; ; pause = Math.min(pause * 2, 5000)) {
      await sleep(pause, undefined, { signal: closing.signal })
      const client = await connect().catch(() => undefined)
      if (client) return watch(client)
    }
  }

  const watch = (client: pg.Client) => {
    client.once('end', () => {
      if (closing.signal.aborted) return
      log.warn({ session: applicationName }, 'database session lost; reconnecting')
      current = reconnect()
      current.catch(() => {}) // it rejects only when the session is closed
    })
    return client
  }

  let current = Promise.resolve(watch(await connect()))

  const run = async <Row extends pg.QueryResultRow>(text: string, values: unknown[]) => {
    const connection = current
    const client = await connection
    try {
      return (await client.query<Row>(text, values)).rows
    } catch (error) {
      if (error instanceof pg.DatabaseError && !/^(57P|08)/.test(error.code ?? '')) throw error
      await sleep(10) // time for the 'end' event
      if (current === connection || closing.signal.aborted) throw error
      return (await (await current).query<Row>(text, values)).rows
    }
  }

  let last: Promise<unknown> = Promise.resolve()

  return {
    async query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) {
      // One statement at a time: a connection runs only one, and pg's own queue for further statements is deprecated.
      const turn = last.then(() => run<Row>(text, values))
      last = turn.catch(() => {})
      return turn
    },
    async close() {
      closing.abort()
      const client = await current.catch(() => undefined)
      await client?.end()
    },
  }
}
