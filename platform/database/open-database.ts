import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { ConfigError } from '../config.ts'
import type { Log } from '../log.ts'
import { openEmbedded } from './embedded.ts'

export type Database = {
  /** The connection string. It contains a password: never log it. */
  url: string
  /** The connection string for one service's own role. It is the same as `url` if all services share a server. */
  urlOf(service: string): string
  /** Closes the database. Stops an embedded PostgreSQL that no other process uses. */
  stop(): Promise<void>
}

type Options = {
  /** The address of a PostgreSQL server. Without it, the embedded PostgreSQL is used. */
  databaseUrl?: string | undefined
  /** The services that get their own roles in the embedded PostgreSQL. */
  services?: readonly string[]
  /** The data folder. The embedded PostgreSQL is in `postgres/` below it. */
  dataDir: string
  log: Log
  /** How long to wait for a server that is not up yet, in milliseconds. */
  serverTimeoutMs?: number
}

// Temporary errors: the server is not there yet, is starting, or has no free connection.
const passing = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNRESET',
  'ETIMEDOUT',
  '57P03',
  '53300',
])

async function connectError(url: string): Promise<NodeJS.ErrnoException | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return undefined
  } catch (error) {
    return error as NodeJS.ErrnoException
  } finally {
    await client.end().catch(() => {})
  }
}

/** Host, port and database of a connection string: the parts that may be logged. */
function nameOf(databaseUrl: string): string {
  const url = URL.parse(databaseUrl)
  if (!url) throw new Error('DATABASE_URL is not a URL such as postgresql://user:password@host:5432/database')
  return `${url.host}${url.pathname}`
}

async function waitForServer(url: string, log: Log, timeoutMs: number): Promise<void> {
  const name = nameOf(url)
  const deadline = Date.now() + timeoutMs
  for (let attempt = 1; ; attempt++) {
    const error = await connectError(url)
    if (!error) return
    const reason = error.message || error.code || 'no answer'
    const mayPass = passing.has(error.code ?? '') || /timeout/.test(reason)
    if (!mayPass || Date.now() > deadline) {
      throw new ConfigError(`can't connect to the database ${name}: ${reason}`)
    }
    if (attempt === 1) log.warn({ database: name, reason }, 'waiting for the database')
    await sleep(250)
  }
}

/** Opens the database: the server at `databaseUrl`, or else an embedded PostgreSQL below `dataDir`. */
export async function openDatabase({
  databaseUrl,
  services = [],
  dataDir,
  log,
  serverTimeoutMs = 30_000,
}: Options): Promise<Database> {
  if (!databaseUrl) return openEmbedded({ dataDir, services, log })
  await waitForServer(databaseUrl, log, serverTimeoutMs)
  return { url: databaseUrl, urlOf: () => databaseUrl, stop: async () => {} }
}
