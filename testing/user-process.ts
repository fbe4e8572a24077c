import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import pg from 'pg'

const openDatabase = new URL('../platform/database/open-database.ts', import.meta.url).href

// Opens the embedded database, prints its address, and closes it when standard input ends.
const program = `
  import { openDatabase } from ${JSON.stringify(openDatabase)}
  const log = { debug() {}, info() {}, warn: console.error, error: console.error }
  const database = await openDatabase({ dataDir: process.argv[1], log, services: process.argv.slice(2) })
  console.log(database.url)
  process.stdin.resume().on('end', () => database.stop().then(() => process.exit()))
`

export type UserProcess = { child: ChildProcess; url: string; exited: Promise<unknown> }

/** Starts a process that uses the embedded database below `dataDir`, in its own process group. */
export async function startUserProcess(
  dataDir: string,
  account: { uid?: number; gid?: number; env?: NodeJS.ProcessEnv } = {},
  services: readonly string[] = [],
) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, dataDir, ...services], {
    ...account,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  const errors = text(child.stderr)
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (line) => resolve(String(line).trim()))
    child.once('exit', async () => reject(new Error(await errors)))
  })
  return { child, url, exited } satisfies UserProcess
}

/** Runs one query on a new connection. */
export async function queryOnce(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return (await client.query(sql)).rows
  } finally {
    await client.end().catch(() => {})
  }
}
