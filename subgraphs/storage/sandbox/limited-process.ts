import type { ChildProcess } from 'node:child_process'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import { type Cause, causeOfEnd } from './how-it-ended.ts'
import { NOBODY } from './job-users.ts'
import { childrenTime, startLimited } from './limited-shell.ts'
import type { Limits } from './limits.ts'
import { BACKGROUND_NICENESS, MOST_SHORT_NICENESS, shortNiceness } from './niceness.ts'
import { createProcessorUse } from './processor-use.ts'
import type { Confined, Sandbox } from './sandbox.ts'
import { type Supervision, supervise } from './supervise.ts'
import { MAX_THREADS } from './watch-use.ts'

/** How a child process ended, and its output. */
export type Ended = {
  code: number | null
  cause: Cause
  stdout: string
  stderr: string
  /** The processor time of all its processes, in seconds. */
  usedCpuSeconds: number
}

/** A command to run, its sandbox and its limits. */
export type LimitedRun = Confined & {
  sandbox: Sandbox
  limits: Limits
  /** The priority that the command gives up, 0 to 19; by default that of short work on a file of the input's size. */
  niceness?: number
  /** The lowest priority that the command gets if its owner's jobs took much processor time; by default that of short work. */
  mostNiceness?: number | undefined
  /** The user whose media the command works on. The more processor time the user's jobs took lately, the lower its priority. */
  owner?: string | undefined
  /** Receives the output while the command runs. Without it, the result keeps about the first megabyte of output. */
  onOutput?: (chunk: string) => void
  /** Ends the command early. */
  signal?: AbortSignal | undefined
}

const processorUse = createProcessorUse()

const KEPT_CHARACTERS = 1024 * 1024
const OUTPUT_GRACE_MS = 1000
const COMMAND_NOT_RUNNABLE = [126, 127]
// How error messages begin when the sandbox's own tools fail.
const NOT_CONFINED = /^(bwrap|unshare|setpriv|mount|pivot_root|umount|sandbox): /
// How some versions of unshare end when SIGKILL has ended the command.
const UNSHARE_KILLED = /^unshare: sigprocmask unblock failed: .*$/m
const KILLED = 128 + constants.signals.SIGKILL

/**
 * Runs a command on untrusted input. The command runs in a sandbox, with little time, memory and disk, with low
 * priority, and without this process's secrets in its environment.
 *
 * @throws Error if the command cannot be run or confined, which says nothing about its input
 */
export async function runLimited(run: LimitedRun): Promise<Ended> {
  const { sandbox, cwd } = run
  if (!sandbox.users) return runAs(run, null)
  try {
    return await runAs(run, await sandbox.users.enter(cwd))
  } finally {
    await sandbox.users.leave(cwd)
  }
}

async function runAs(run: LimitedRun, user: number | null): Promise<Ended> {
  const { argv, passedFiles } = run.sandbox.wrap(run, user ?? NOBODY)
  const { cwd, environment, limits } = run
  const hasOwnUser = user !== null && user !== NOBODY
  const passed: FileHandle[] = []
  try {
    for (const file of passedFiles) passed.push(await open(file, 'r'))
    const niceness = await nicenessOf(run)
    const passedFds = passed.map(({ fd }) => fd)
    const threads = hasOwnUser ? MAX_THREADS : null
    const child = startLimited({ argv, cwd, environment, passedFds, limits, niceness, threads })
    return await readEnd(child, run)
  } finally {
    for (const handle of passed) await handle.close()
  }
}

/** Determines the priority that a command gives up: more if its owner's jobs took much processor time lately. */
async function nicenessOf({ sandbox, niceness, mostNiceness, input, owner }: LimitedRun): Promise<number> {
  if (sandbox.isBackground) return BACKGROUND_NICENESS
  const least = niceness ?? shortNiceness({ bytes: input === undefined ? 0 : (await stat(input)).size })
  if (owner === undefined) return least
  return processorUse.niceness(owner, least, mostNiceness ?? MOST_SHORT_NICENESS)
}

/** Supervises a running command until it has ended, and reads its output. */
async function readEnd(child: ChildProcess, run: LimitedRun): Promise<Ended> {
  const stdout = keep(child.stdout)
  const stderr = keep(child.stderr)
  const times = keep(child.stdio[3] as Readable | null)
  if (run.onOutput) child.stdout?.removeAllListeners('data').on('data', run.onOutput)
  child.stdin?.on('error', () => {})
  const supervision = supervise(child, run)
  const exitCode = await exitCodeOf(child, supervision).finally(() => {
    supervision.release()
    for (const stream of child.stdio) stream?.destroy()
  })
  const errors = stderr.text()
  const code = exitCode === 1 && UNSHARE_KILLED.test(errors) ? KILLED : exitCode
  if (isNotConfined(code, errors))
    throw new Error(`${run.command} cannot be run in the sandbox ${run.sandbox.kind}: ${errors}`)
  const usedCpuSeconds = Math.max(childrenTime(times.text()) ?? 0, supervision.cpuSeconds())
  // Work that the owner did not ask for does not slow down the owner's own.
  if (run.owner !== undefined && !run.sandbox.isBackground) processorUse.add(run.owner, usedCpuSeconds)
  const { cpuSeconds } = run.limits
  const cause = causeOfEnd({ ...supervision.early, code, usedCpuSeconds, cpuSeconds })
  return { code, cause, stdout: stdout.text(), stderr: errors, usedCpuSeconds }
}

/** Waits until the command has exited and its output is read; null if a signal ended the command's shell. */
function exitCodeOf(child: ChildProcess, supervision: Supervision): Promise<number | null> {
  let grace: NodeJS.Timeout
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
    child.once('exit', (code) => {
      // If only the shell was killed, the command still runs. What it started may run on in any case.
      supervision.killRemains()
      // A process that left the group may keep the output open forever.
      grace = setTimeout(() => resolve(code), OUTPUT_GRACE_MS)
    })
  })
  return exited.finally(() => clearTimeout(grace))
}

/** Whether the sandbox's own tools failed, so that the command did not run as it should. */
function isNotConfined(code: number | null, errors: string): boolean {
  if (code === null) return false
  return COMMAND_NOT_RUNNABLE.includes(code) || (code > 0 && code !== KILLED && NOT_CONFINED.test(errors))
}

function keep(stream: Readable | null) {
  let text = ''
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    if (text.length < KEPT_CHARACTERS) text += chunk
  })
  return { text: () => text }
}
