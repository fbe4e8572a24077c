import { stat } from 'node:fs/promises'
import { constants } from 'node:os'
import { type Cause, causeOfEnd } from './how-it-ended.ts'
import { NOBODY } from './job-users.ts'
import { launch } from './launcher.ts'
import type { Finished } from './launcher-messages.ts'
import { childrenTime } from './limited-shell.ts'
import type { Limits } from './limits.ts'
import { BACKGROUND_NICENESS, MOST_SHORT_NICENESS, shortNiceness } from './niceness.ts'
import { createProcessorUse } from './processor-use.ts'
import type { Confined, Sandbox } from './sandbox.ts'
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
  const { cwd, environment, limits, onOutput, signal } = run
  const hasOwnUser = user !== null && user !== NOBODY
  const niceness = await nicenessOf(run)
  const threads = hasOwnUser ? MAX_THREADS : null
  const order = { argv, cwd, environment, passedFiles, limits, niceness, threads }
  return judge(run, await launch(order, { onOutput, signal }))
}

/** Determines the priority that a command gives up: more if its owner's jobs took much processor time lately. */
async function nicenessOf({ sandbox, niceness, mostNiceness, input, owner }: LimitedRun): Promise<number> {
  if (sandbox.isBackground) return BACKGROUND_NICENESS
  const least = niceness ?? shortNiceness({ bytes: input === undefined ? 0 : (await stat(input)).size })
  if (owner === undefined) return least
  return processorUse.niceness(owner, least, mostNiceness ?? MOST_SHORT_NICENESS)
}

/** Decides what the end of a command means. */
function judge(run: LimitedRun, finished: Finished): Ended {
  const { stdout, stderr, early } = finished
  const code = finished.code === 1 && UNSHARE_KILLED.test(stderr) ? KILLED : finished.code
  if (isNotConfined(code, stderr))
    throw new Error(`${run.command} cannot be run in the sandbox ${run.sandbox.kind}: ${stderr}`)
  const usedCpuSeconds = Math.max(childrenTime(finished.times) ?? 0, finished.cpuSeconds)
  // Work that the owner did not ask for does not slow down the owner's own.
  if (run.owner !== undefined && !run.sandbox.isBackground) processorUse.add(run.owner, usedCpuSeconds)
  const { cpuSeconds } = run.limits
  const cause = causeOfEnd({ ...early, code, usedCpuSeconds, cpuSeconds })
  return { code, cause, stdout, stderr, usedCpuSeconds }
}

/** Whether the sandbox's own tools failed, so that the command did not run as it should. */
function isNotConfined(code: number | null, errors: string): boolean {
  if (code === null) return false
  return COMMAND_NOT_RUNNABLE.includes(code) || (code > 0 && code !== KILLED && NOT_CONFINED.test(errors))
}
