import { constants } from 'node:fs'
import { access, mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { ConfigError } from '../../../platform/config.ts'
import { newId } from '../../../platform/ids.ts'
import type { Log } from '../../../platform/log.ts'
import { bubblewrap } from './bubblewrap.ts'
import { ONE_USER, openJobUsers } from './job-users.ts'
import { runLimited } from './limited-process.ts'
import { namespaces } from './namespaces.ts'
import { LIMITS_ONLY, SANDBOX_KINDS, type Sandbox, type SandboxKind } from './sandbox.ts'
import { seccompFilter } from './seccomp-filter.ts'
import { unprivileged } from './unprivileged.ts'
import { findVisibleFiles } from './visible-files.ts'

/** Options of `openSandbox`. */
export type SandboxSearch = {
  /** The sandbox kind to use, or `auto` for the strongest that works. */
  wanted: SandboxKind | 'auto'
  /** The programs to run in the sandbox. The first is used for the trial run. */
  programs: readonly [string, ...string[]]
  /** A local folder for the sandbox's files and trial runs, on the same file system as the work folders. */
  folder: string
  log: Log
}

const AS_THIS_SERVICE =
  'media tools run as the user of this service: they can read and write its files, including keys, read the database addresses in its environment, and use the network'

/** What a media file that has taken a tool over could do; null if nothing beyond its own work. */
function riskOf({ kind, users }: Sandbox): string | null {
  if (kind === 'bubblewrap' || kind === 'namespaces') return null
  if (kind === 'unprivileged' && users) return 'media tools can use the network and read world-readable files'
  return AS_THIS_SERVICE
}

const PLACES = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin']

/**
 * Finds the strongest sandbox that works on this machine by trying each, and logs once which one it is.
 *
 * @throws ConfigError if the wanted sandbox does not work
 */
export async function openSandbox(search: SandboxSearch): Promise<Sandbox> {
  const { wanted, programs, folder, log } = search
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const tried: Record<string, string> = {}
  for (const kind of SANDBOX_KINDS.filter((each) => wanted === 'auto' || wanted === each)) {
    try {
      const sandbox = await make(kind, programs, folder)
      await tryOut(sandbox, programs[0], folder)
      const risk = riskOf(sandbox)
      const fields = { sandbox: kind, hasOwnUsers: sandbox.users !== null, ...(risk && { risk, tried }) }
      if (!risk) log.info(fields, 'media tools sandboxed')
      else log.warn(fields, 'media tools not fully sandboxed; install bubblewrap')
      return sandbox
    } catch (error) {
      tried[kind] = error instanceof Error ? error.message.slice(0, 300) : String(error)
    }
  }
  throw new ConfigError(
    `STORAGE_SANDBOX: ${wanted} does not work on this machine; fix the cause or set it to auto. Cause: ${tried[wanted] ?? 'unknown'}`,
  )
}

async function make(kind: SandboxKind, programs: readonly string[], folder: string): Promise<Sandbox> {
  if (kind === 'limits') return LIMITS_ONLY
  if (process.platform !== 'linux')
    throw new Error(`${kind} needs Linux; this machine runs ${process.platform}`)
  const isRoot = process.getuid?.() === 0
  const setpriv = kind === 'bubblewrap' && !isRoot ? '' : await find('setpriv')
  if (kind === 'unprivileged') {
    return unprivileged({ setpriv, users: isRoot ? await openJobUsers(setpriv) : null })
  }
  // With one user for all, the image worker's compiled code can be used again.
  const users = isRoot ? ONE_USER : null
  const visible = await findVisibleFiles(setpriv ? [...programs, setpriv] : programs)
  if (kind === 'namespaces') {
    const rootFolder = path.join(folder, 'root')
    await mkdir(rootFolder, { recursive: true, mode: 0o700 })
    return namespaces({ unshare: await find('unshare'), setpriv, users, visible, rootFolder })
  }
  const bwrap = await find('bwrap')
  const filter = seccompFilter(process.arch)
  const seccompFile = filter && path.join(folder, `seccomp-${process.arch}`)
  if (filter && seccompFile) await writeFile(seccompFile, filter)
  return bubblewrap({ bwrap, setpriv, users, visible, seccompFile })
}

async function find(program: string): Promise<string> {
  for (const place of PLACES) {
    const file = path.join(place, program)
    const isThere = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return file
  }
  throw new Error(`${program} was not found in ${PLACES.join(', ')}`)
}

const TRIAL = `
const { readFileSync, writeFileSync } = process.getBuiltinModule('fs')
writeFileSync('written', readFileSync(process.argv[1]))`

const TRIAL_LIMITS = {
  // The limit is long so that a busy machine does not end up with a weaker sandbox.
  wallClockMs: 60_000,
  cpuSeconds: 10,
  memoryBytes: 1024 ** 3,
  addressBytes: 256 * 1024 ** 3,
  writtenBytes: 1024 ** 2,
}

/** Reads a file, writes a file and starts a program in the sandbox, as later jobs do. */
async function tryOut(sandbox: Sandbox, program: string, folder: string): Promise<void> {
  const trial = path.join(folder, newId())
  const input = `${trial}.input`
  await mkdir(trial, { mode: 0o700 })
  try {
    await writeFile(input, 'seen')
    const common = { sandbox, cwd: trial, input, limits: TRIAL_LIMITS }
    const runs = [
      runLimited({ ...common, command: process.execPath, args: ['-e', TRIAL, input] }),
      runLimited({ ...common, command: program, args: ['-version'] }),
    ]
    for (const ended of await Promise.all(runs)) {
      if (ended.code !== 0) throw new Error(ended.stderr || `the trial run exited with ${ended.code}`)
    }
  } finally {
    await rm(trial, { recursive: true, force: true })
    await rm(input, { force: true })
  }
}
