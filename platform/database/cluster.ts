import { spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { chown, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Account, postgresAccount } from './account.ts'
import { type Binaries, findBinaries } from './binaries.ts'
import { isAlive } from './postmaster.ts'

/** The passwords of a cluster's two roles: PostgreSQL's superuser, and the role that the product connects as. */
export type Secrets = { superuser: string; moblog: string }

const secretsFile = 'moblog-passwords.json'

/** Reads the passwords of the cluster in `folder`. */
export function readSecrets(folder: string): Secrets {
  try {
    return JSON.parse(readFileSync(path.join(folder, secretsFile), 'utf8'))
  } catch (error) {
    const reason = (error as Error).message
    throw new Error(`${folder} is not a database of Moblog, or belongs to another user: ${reason}`)
  }
}

/**
 * Returns how to start a PostgreSQL program on a cluster. The account may not be able to traverse the folders above the
 * cluster (root's 0700 folders). The program therefore inherits the working directory from this process, and
 * /proc/self/cwd leads to it without a permission check on the path.
 */
export function onCluster(folder: string, account: Account | undefined) {
  const dataFolder = account && process.platform === 'linux' ? '/proc/self/cwd' : folder
  return { dataFolder, options: { cwd: folder, ...account } }
}

// pg_trgm asks the C library which characters are letters, not the builtin locale provider. With LC_CTYPE "C", Chinese
// characters are not letters, and Chinese text has no trigrams.
const lcCtype = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8'

function initdb(
  binaries: Binaries,
  folder: string,
  account: Account | undefined,
  password: string,
  durable: boolean,
) {
  const { dataFolder, options } = onCluster(folder, account)
  const locale = [
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    `--lc-ctype=${lcCtype}`,
  ]
  const access = ['--username=postgres', '--auth=scram-sha-256', '--pwfile=/dev/stdin']
  const args = ['-D', dataFolder, '--encoding=UTF8', ...locale, ...access, '--no-instructions']
  if (!durable) args.push('--no-sync')
  // initdb opens /dev/stdin by name. Behind `cat`, standard input is a pipe that belongs to the account, so it may do
  // that. A password file would need a folder that the account can reach.
  const pipeline = ['-c', 'cat | exec "$0" "$@"', binaries.initdb, ...args]
  return new Promise<void>((resolve, reject) => {
    const child = spawn('/bin/sh', pipeline, { ...options, stdio: ['pipe', 'ignore', 'pipe'] })
    let complaint = ''
    child.stderr.on('data', (chunk) => {
      complaint += chunk
    })
    child.stdin.on('error', () => {}) // the exit code reports the failure
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`initdb failed: ${complaint.trim()}`)),
    )
    child.stdin.end(`${password}\n`)
  })
}

const unfinishedName = /\.new-(\d+)-/

/** Removes the unfinished clusters of processes that were killed during initdb. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = Number(unfinishedName.exec(name)?.[1])
    if (pid && !isAlive(pid)) await rm(path.join(parent, name), { recursive: true, force: true })
  }
}

/**
 * Creates the cluster in `folder` if it does not exist. The folder appears under its final name only when it is
 * complete, passwords included. Several processes may do this at the same time.
 */
export async function ensureCluster(folder: string, durable = true): Promise<void> {
  if (existsSync(path.join(folder, 'PG_VERSION'))) return
  const parent = path.dirname(folder)
  await mkdir(parent, { recursive: true, mode: 0o700 })
  await removeAbandoned(parent)
  const account = postgresAccount(folder)
  const binaries = await findBinaries(account)
  const unfinished = `${folder}.new-${process.pid}-${randomUUID()}`
  const secrets: Secrets = {
    superuser: randomBytes(24).toString('base64url'),
    moblog: randomBytes(24).toString('base64url'),
  }
  try {
    await mkdir(unfinished, { mode: 0o700 })
    if (account) await chown(unfinished, account.uid, account.gid)
    await initdb(binaries, unfinished, account, secrets.superuser, durable)
    const file = path.join(unfinished, secretsFile)
    await writeFile(file, JSON.stringify(secrets), { mode: 0o600, flush: durable })
    if (account) await chown(file, account.uid, account.gid)
    await rename(unfinished, folder).catch((error) => {
      if (!existsSync(path.join(folder, 'PG_VERSION'))) throw error
    })
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
}
