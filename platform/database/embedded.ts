import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import type { Log } from '../log.ts'
import { hasCode } from '../system-error.ts'
import { ensureCluster, readSecrets } from './cluster.ts'
import { connectLifeline, embeddedUrl, endLifeline, isSupervised, keepsProcessAlive } from './lifeline.ts'
import { forgetPgEnvironment } from './pg-environment.ts'
import { isAlive, runningPostmaster } from './postmaster.ts'
import { haveRoles, servicePassword, serviceRole } from './roles.ts'

type Options = {
  dataDir: string
  log: Log
  /** The services that get their own roles. */
  services?: readonly string[]
  /** False is for tests: faster, but data is lost in a power failure. */
  durable?: boolean
}

type Place = { cluster: string; logFile: string; durable: boolean; services: readonly string[] }
type Attachment = { lifeline: pg.Client; port: number; pid: number; url: string }

const startTimeoutMs = 60_000 // includes recovery after a crash
const supervisorCheckMs = 1000
const stopTimeoutMs = 8000
// How long a failed login may be temporary: the supervisor still creates the roles of a new database.
const refusedForMs = 15_000
const rolesWithinMs = 10_000

function spawnSupervisor({ cluster, logFile, durable, services }: Place, port: number): ChildProcess {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0
  const log = openSync(logFile, size > 1_000_000 ? 'w' : 'a', 0o600)
  const program = fileURLToPath(new URL('./supervisor.ts', import.meta.url))
  const args = [program, cluster, durable ? 'durable' : 'fast', `${port}`, `${process.pid}`, services.join()]
  // `detached` starts a new session, which Ctrl-C in the terminal does not reach.
  const child = spawn(process.execPath, args, { detached: true, cwd: '/', stdio: ['ignore', log, log] })
  closeSync(log)
  child.unref()
  return child
}

function endOfLog(logFile: string): string {
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-15).join('\n')
}

async function untilRolesExist(lifeline: pg.Client, services: readonly string[]): Promise<void> {
  for (let waited = 0; !(await haveRoles(lifeline, services)); waited += 20) {
    if (waited > rolesWithinMs) {
      await lifeline.end()
      throw new Error(
        'The embedded PostgreSQL was started by an earlier version of Moblog, or for other services. ' +
          'Stop all processes that use this data folder, then start again.',
      )
    }
    await sleep(20)
  }
}

// Whether an error is temporary: PostgreSQL starts or shuts down, or the supervisor still creates the roles.
function mayPass(error: unknown, isNew: boolean): boolean {
  if (!(error instanceof pg.DatabaseError)) return isNotThere(error) || isCut(error)
  return /^(57P0[123]|53300)$/.test(error.code ?? '') || (isNew && /^28/.test(error.code ?? ''))
}

// ENOENT: PostgreSQL has not created its Unix socket yet, or has removed it.
function isNotThere(error: unknown): boolean {
  return hasCode(error, 'ECONNREFUSED') || hasCode(error, 'ENOENT')
}

function isCut(error: unknown): boolean {
  const isReset = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT'].some((code) => hasCode(error, code))
  return isReset || (error instanceof Error && /terminated|timeout/i.test(error.message))
}

function cannotConnect(error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error)
  return new Error(`The embedded PostgreSQL runs but does not accept connections: ${reason}`, {
    cause: error,
  })
}

/** Connects as a user of the cluster's PostgreSQL, and starts PostgreSQL if it does not run. */
async function attach(place: Place, preferredPort = 0): Promise<Attachment> {
  const deadline = Date.now() + startTimeoutMs
  const refusedUntil = Date.now() + refusedForMs
  const { moblog: password } = readSecrets(place.cluster)
  let supervisor: ChildProcess | undefined
  let failures = 0
  while (Date.now() < deadline) {
    const running = runningPostmaster(place.cluster)
    if (running?.ready) {
      const { port, pid } = running
      const url = embeddedUrl(place.cluster, port, 'moblog', password)
      const lifeline = await connectLifeline(url).catch((error) => {
        if (!mayPass(error, Date.now() < refusedUntil)) throw cannotConnect(error)
        return undefined
      })
      if (lifeline) {
        await untilRolesExist(lifeline, place.services)
        return { lifeline, port, pid, url }
      }
    } else if (!running && (!supervisor || supervisor.exitCode !== null || supervisor.signalCode !== null)) {
      if (supervisor?.exitCode && ++failures === 3) break
      supervisor = spawnSupervisor(place, preferredPort)
    }
    await sleep(10)
  }
  throw new Error(
    `the embedded PostgreSQL does not start; the end of ${place.logFile}:\n${endOfLog(place.logFile)}`,
  )
}

/**
 * Opens the PostgreSQL in `<dataDir>/postgres`. All processes that open it share it. It stops about a second after the
 * last of them has stopped. `stop()` of the last process waits for that.
 */
export async function openEmbedded({ dataDir, log, services = [], durable = true }: Options) {
  forgetPgEnvironment()
  const folder = path.resolve(dataDir)
  const place = {
    cluster: path.join(folder, 'postgres'),
    logFile: path.join(folder, 'postgres.log'),
    durable,
    services,
  }
  await ensureCluster(place.cluster, durable)
  const { url, port, ...first } = await attach(place)
  let current = Promise.resolve(first)
  let stopped = false

  /** Starts a new supervisor if the old one was killed. Otherwise nothing would stop PostgreSQL in the end. */
  const superviseIfUnsupervised = async () => {
    if (!(await isSupervised((await current).lifeline))) spawnSupervisor(place, port)
  }
  const minder = setInterval(() => superviseIfUnsupervised().catch(() => {}), supervisorCheckMs).unref()

  const attachAgain = async () => {
    log.warn({}, 'the embedded PostgreSQL stopped; restarting it')
    const attachment = await attach(place, port)
    hold(attachment)
    if (attachment.port !== port)
      throw new Error(`it listens on another port now: ${attachment.port} instead of ${port}`)
    return attachment
  }

  const hold = ({ lifeline }: Pick<Attachment, 'lifeline'>) => {
    lifeline.once('end', () => {
      if (stopped) return
      current = attachAgain()
      current.catch((error) =>
        log.error({ err: error }, 'the embedded PostgreSQL could not be restarted; restart this process'),
      )
    })
    keepsProcessAlive(lifeline, false)
  }
  hold(first)

  /**
   * Waits until there is a supervisor, also one that is still starting. Before that, it would not notice that this user
   * leaves.
   */
  const waitForSupervisor = async () => {
    for (let waited = 0; waited < 5000; waited += 20) {
      if (await isSupervised((await current).lifeline)) return
      if (waited === 500) spawnSupervisor(place, port)
      await sleep(20)
    }
  }

  const stop = async () => {
    if (stopped) return
    stopped = true
    clearInterval(minder)
    const attachment = await current.catch(() => undefined)
    if (!attachment) return
    keepsProcessAlive(attachment.lifeline, true)
    await waitForSupervisor().catch(() => {})
    const last = await endLifeline(attachment.lifeline).catch(() => false)
    const deadline = Date.now() + stopTimeoutMs
    while (last && isAlive(attachment.pid) && Date.now() < deadline) await sleep(10)
  }
  const urlOf = (service: string) => {
    if (!services.includes(service))
      throw new Error(`the service ${service} has no role in the embedded PostgreSQL`)
    const password = servicePassword(readSecrets(place.cluster), service)
    return embeddedUrl(place.cluster, port, serviceRole(service), password)
  }
  return { url, urlOf, stop }
}
