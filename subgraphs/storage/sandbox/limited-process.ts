import { spawn } from 'node:child_process'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import { timerDelay } from '../../../platform/timer-delay.ts'
import { type Cause, causeOfEnd } from './how-it-ended.ts'
import { NOBODY } from './job-users.ts'
import { MOST_SHORT_NICENESS, shortNiceness } from './niceness.ts'
import { createProcessorUse } from './processor-use.ts'
import type { Confined, Sandbox } from './sandbox.ts'
import { MAX_THREADS, watchUse } from './watch-use.ts'

/** The resource limits of a child process. */
export type Limits = {
  wallClockMs: number
  cpuSeconds: number
  /** The memory that it may write to. */
  memoryBytes: number
  /** The address space that it may reserve; twice `memoryBytes` by default. */
  addressBytes?: number
  /** The largest file that it may write. All files together may take twice as much, and at least 16 MiB. */
  writtenBytes: number
  /** How many files its work folder may hold; 1000 by default. */
  writtenFiles?: number
}

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
const MIN_FOLDER_BYTES = 16 * 1024 ** 2
const MAX_FILES = 1000
// A command that was told to end may not end, and one that has ended may have left a process that keeps its output open.
const GRACE_MS = 5000
const OUTPUT_GRACE_MS = 1000
const COMMAND_NOT_RUNNABLE = [126, 127]
// How error messages begin when the sandbox's own tools fail.
const NOT_CONFINED = /^(bwrap|unshare|setpriv|mount|pivot_root|umount|sandbox): /
// How some versions of unshare end when SIGKILL has ended the command.
const UNSHARE_KILLED = /^unshare: sigprocmask unblock failed: .*$/m
const KILLED = 128 + constants.signals.SIGKILL

// The shell's ulimit exists on every Unix; prlimit does not. A limit that the system does not know is skipped. Memory
// has two limits. `-d` limits writable memory and also works for programs that reserve far more addresses than they
// use, such as Node. `-v` limits addresses. Standard input is a lifeline: it closes when this process ends for any
// reason, and the watcher then kills the command. At the processor time limit the command gets SIGXCPU, and 5 s later
// SIGKILL; the soft limit is set first, because the hard one may not be below it. The limit of threads counts all
// processes of a user, so it is set only if the command has a user of its own; shells call it -p or -u. File descriptor 3 reports the used processor time, if the sandbox passes it on. Each command has its own
// session, and Linux may divide the processor between sessions before niceness counts (sched(7), autogroup), so the
// session's niceness is set too. Linux refuses that with EAGAIN if other processes have just done the same.
const SCRIPT = `
ulimit -c 0 2>/dev/null
ulimit -S -t "$1" 2>/dev/null
ulimit -H -t "$(($1 + 5))" 2>/dev/null
ulimit -d "$2" 2>/dev/null
ulimit -v "$3" 2>/dev/null
ulimit -f "$4" 2>/dev/null
[ "$6" -eq 0 ] || ulimit -p "$6" 2>/dev/null || ulimit -u "$6" 2>/dev/null
niceness=$5
shift 6
lower() { [ ! -e /proc/self/autogroup ] || echo "$niceness" >/proc/self/autogroup; }
lower 2>/dev/null || (for pause in 0.2 0.4 0.8 2 4; do sleep "$pause"; lower && break; done) >/dev/null 2>&1 3>&- &
exec 9<&0 </dev/null
nice=$(command -v nice) && set -- "$nice" -n "$niceness" "$@"
"$@" 3>&- 9<&- &
command=$!
(read -r _ <&9; kill -9 "$command") >/dev/null 2>&1 3>&- &
watcher=$!
exec 9<&-
wait "$command"
code=$?
times >&3
kill -9 "$watcher" 2>/dev/null
exit "$code"`

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
  const passed: FileHandle[] = []
  try {
    for (const file of passedFiles) passed.push(await open(file, 'r'))
    const { input } = run
    const niceness =
      run.niceness ?? shortNiceness({ bytes: input === undefined ? 0 : (await stat(input)).size })
    const hasOwnUser = user !== null && user !== NOBODY
    return await start(run, { argv, passed, niceness, threads: hasOwnUser ? MAX_THREADS : null })
  } finally {
    for (const handle of passed) await handle.close()
  }
}

type Start = {
  argv: string[]
  passed: readonly FileHandle[]
  niceness: number
  /** How many threads the command's user may have; null if others may have the same user. */
  threads: number | null
}

function start(run: LimitedRun, { argv, passed, niceness: least, threads }: Start): Promise<Ended> {
  const { command, cwd, environment, limits, owner, onOutput, signal } = run
  const niceness =
    owner === undefined ? least : processorUse.niceness(owner, least, run.mostNiceness ?? MOST_SHORT_NICENESS)
  return new Promise((resolve, reject) => {
    const { cpuSeconds, memoryBytes, writtenBytes, addressBytes = 2 * memoryBytes } = limits
    const kibibytes = [memoryBytes, addressBytes].map((bytes) => Math.ceil(bytes / 1024))
    const numbers = [
      Math.ceil(cpuSeconds),
      ...kibibytes,
      Math.ceil(writtenBytes / 512),
      niceness,
      threads ?? 0,
    ]
    const child = spawn('/bin/sh', ['-c', SCRIPT, 'sh', ...numbers.map(String), ...argv], {
      cwd,
      // Without a terminal, whose input the command could fake, and in a scheduling group of its own.
      detached: true,
      // Statically linked tools crash if they load this machine's character set conversion modules.
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', GCONV_PATH: '/nonexistent', ...environment },
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', ...passed.map(({ fd }) => fd)],
    })
    let hasTimedOut = false
    let isStopped = false
    let hasEnded = false
    let exceeded: Cause | null = null
    const timers: NodeJS.Timeout[] = []
    const after = (ms: number, act: () => void) => void timers.push(setTimeout(act, ms))
    // The watcher ends the command. If it cannot, because the command stopped it, the whole group is killed.
    const end = () => {
      child.stdin?.destroy()
      if (!hasEnded) after(GRACE_MS, () => killGroup(child.pid))
    }
    const watched = {
      cwd,
      memoryBytes,
      folderBytes: Math.max(MIN_FOLDER_BYTES, 2 * writtenBytes),
      folderFiles: limits.writtenFiles ?? MAX_FILES,
    }
    const watch = child.pid
      ? watchUse({ ...watched, pid: child.pid }, (cause) => {
          exceeded = cause
          end()
        })
      : null
    // A killed command does not report its processor time, so it is read before.
    const endAfterLook = () => void (watch?.look() ?? Promise.resolve()).finally(end)
    const stop = () => {
      isStopped = true
      endAfterLook()
    }
    after(timerDelay(limits.wallClockMs), () => {
      hasTimedOut = true
      endAfterLook()
    })
    if (signal?.aborted) stop()
    signal?.addEventListener('abort', stop)
    let isSettled = false
    const settle = () => {
      isSettled = true
      for (const timer of timers) clearTimeout(timer)
      watch?.stop()
      signal?.removeEventListener('abort', stop)
      for (const stream of child.stdio) stream?.destroy()
    }
    const stdout = keep(child.stdout)
    const stderr = keep(child.stderr)
    const times = keep(child.stdio[3] as Readable | null)
    if (onOutput) child.stdout?.removeAllListeners('data').on('data', onOutput)
    child.stdin?.on('error', () => {})
    child.once('error', (error) => {
      settle()
      reject(error)
    })
    const finish = (exitCode: number | null) => {
      if (isSettled) return
      settle()
      const errors = stderr.text()
      const code = exitCode === 1 && UNSHARE_KILLED.test(errors) ? KILLED : exitCode
      if (
        code !== null &&
        (COMMAND_NOT_RUNNABLE.includes(code) || (code > 0 && code !== KILLED && NOT_CONFINED.test(errors)))
      ) {
        reject(new Error(`${command} cannot be run in the sandbox ${run.sandbox.kind}: ${errors}`))
        return
      }
      const usedCpuSeconds = Math.max(childrenTime(times.text()) ?? 0, watch?.cpuSeconds() ?? 0)
      if (owner !== undefined) processorUse.add(owner, usedCpuSeconds)
      const seen = { code, hasTimedOut, isStopped, exceeded, usedCpuSeconds, cpuSeconds }
      resolve({ code, cause: causeOfEnd(seen), stdout: stdout.text(), stderr: errors, usedCpuSeconds })
    }
    child.once('exit', (code) => {
      // If only the shell was killed, the command still runs. What it started may run on in any case.
      hasEnded = true
      end()
      killGroup(child.pid)
      // Whoever left the group may keep the output open for ever.
      after(OUTPUT_GRACE_MS, () => finish(code))
    })
    child.once('close', finish)
  })
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nothing of it runs any more.
  }
}

/**
 * Reads the processor time of the shell's children, in seconds, from the output of `times`. Its first line is the time
 * of the shell. Null if the output is not as expected.
 */
function childrenTime(times: string): number | null {
  const values = [...times.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  )
  return values.length === 4 ? (values[2] ?? 0) + (values[3] ?? 0) : null
}

function keep(stream: Readable | null) {
  let text = ''
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    if (text.length < KEPT_CHARACTERS) text += chunk
  })
  return { text: () => text }
}
