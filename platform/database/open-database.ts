import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { ConfigError } from '../config.ts'
import type { Log } from '../log.ts'
import { openEmbedded } from './embedded.ts'

export type Database = {
  /** Connection string. It holds a password: never log it. */
  url: string
  /** Connection string of one service's own role; `url` where a server is shared by all. */
  urlOf(service: string): string
  /** Gives the database up; stops an embedded PostgreSQL that nobody else uses. */
  stop(): Promise<void>
}

type Options = {
  /** A PostgreSQL server's address; the embedded PostgreSQL is used without one. */
  databaseUrl?: string | undefined
  /** The services that get roles of their own in the embedded PostgreSQL. */
  services?: readonly string[]
  /** Folder for the embedded PostgreSQL, which goes into `postgres/` below it. */
  dataDir: string
  log: Log
  /** How long to wait for a server that is not up yet. */
  serverTimeoutMs?: number
}

// Worth waiting for: the server is not there yet, or is starting, or has no free connection.
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

/** Host, port and database of a connection string: what may be shown. */
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

/** Opens the database: the server at `databaseUrl`, else a PostgreSQL of our own below `dataDir`. */
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
