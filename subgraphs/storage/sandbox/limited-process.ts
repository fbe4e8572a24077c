import { spawn } from 'node:child_process'
import { chmod, chown, type FileHandle, open, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { timerDelay } from '../../../platform/timer-delay.ts'
import { type Cause, causeOfEnd } from './how-it-ended.ts'
import { createProcessorUse } from './processor-use.ts'
import type { Confined, Sandbox } from './sandbox.ts'

/** The resource limits of a child process. */
export type Limits = {
  wallClockMs: number
  cpuSeconds: number
  /** The memory that it may write to. */
  memoryBytes: number
  /** The address space that it may reserve; twice `memoryBytes` by default. */
  addressBytes?: number
  /** The largest file that it may write. */
  writtenBytes: number
}

/** How a child process ended, and its output. */
export type Ended = { code: number | null; cause: Cause; stdout: string; stderr: string }

/** A command to run, its sandbox and its limits. */
export type LimitedRun = Confined & {
  sandbox: Sandbox
  limits: Limits
  /** The priority that the command gives up, 0 to 19; by default that of short work on a file of the input's size. */
  niceness?: number
  /** The user whose media the command works on. The more processor time the user's jobs took lately, the lower its priority. */
  owner?: string | undefined
  /** Receives the output while the command runs. Without it, the result keeps about the first megabyte of output. */
  onOutput?: (chunk: string) => void
  /** Ends the command early. */
  signal?: AbortSignal | undefined
}

// Users wait for photos and for the verification of uploads. Each doubling of a file's megabytes takes longer.
const SHORT_WORK = { min: 2, max: 10 }

/** The niceness of running ffmpeg. It gives way to short work, and films of hours give way to all others. */
export function filmNiceness(durationSeconds: number): number {
  return durationSeconds > LONG_FILM_SECONDS ? 19 : 12
}

const LONG_FILM_SECONDS = 600

const processorUse = createProcessorUse()

const KEPT_CHARACTERS = 1024 * 1024
const COMMAND_NOT_RUNNABLE = [126, 127]
// How error messages begin when the sandbox's own tools fail.
const NOT_CONFINED = /^(bwrap|unshare|setpriv|mount|pivot_root|umount|sandbox): /

// The shell's ulimit exists on every Unix; prlimit does not. A limit that the system does not know is skipped. Memory
// has two limits. `-d` limits writable memory and also works for programs that reserve far more addresses than they
// use, such as Node. `-v` limits addresses. Standard input is a lifeline: it closes when this process ends for any
// reason, and the watcher then kills the command. At the processor time limit the command gets SIGXCPU, and 5 s later
// SIGKILL. File descriptor 3 reports the used processor time, if the sandbox passes it on. Each command has its own
// session, and Linux may divide the processor between sessions before niceness counts (sched(7), autogroup), so the
// session's niceness is set too. Linux refuses that with EAGAIN if other processes have just done the same.
const SCRIPT = `
ulimit -c 0 2>/dev/null
ulimit -H -t "$(($1 + 5))" 2>/dev/null
ulimit -S -t "$1" 2>/dev/null
ulimit -d "$2" 2>/dev/null
ulimit -v "$3" 2>/dev/null
ulimit -f "$4" 2>/dev/null
niceness=$5
shift 5
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
  if (sandbox.user !== null) {
    await chown(cwd, sandbox.user, sandbox.user)
    // bubblewrap enters this folder as root without capabilities, so it needs the execute permission for others. The
    // folders above stay closed to other users.
    await chmod(cwd, 0o711)
  }
  const { argv, passedFiles } = sandbox.wrap(run)
  const passed: FileHandle[] = []
  try {
    for (const file of passedFiles) passed.push(await open(file, 'r'))
    return await start(run, argv, passed, run.niceness ?? (await shortNiceness(run.input)))
  } finally {
    for (const handle of passed) await handle.close()
  }
}

async function shortNiceness(input: string | undefined): Promise<number> {
  const megabytes = input === undefined ? 0 : (await stat(input)).size / 1e6
  return Math.min(SHORT_WORK.max, SHORT_WORK.min + Math.floor(2 * Math.log2(1 + megabytes)))
}

function start(
  run: LimitedRun,
  argv: string[],
  passed: readonly FileHandle[],
  baseNiceness: number,
): Promise<Ended> {
  const { command, cwd, environment, limits, owner, onOutput, signal } = run
  const niceness = owner === undefined ? baseNiceness : processorUse.niceness(owner, baseNiceness)
  return new Promise((resolve, reject) => {
    const { cpuSeconds, memoryBytes, writtenBytes, addressBytes = 2 * memoryBytes } = limits
    const kibibytes = [memoryBytes, addressBytes].map((bytes) => Math.ceil(bytes / 1024))
    const numbers = [Math.ceil(cpuSeconds), ...kibibytes, Math.ceil(writtenBytes / 512), niceness]
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
    const end = () => void child.stdin?.destroy()
    const stop = () => {
      isStopped = true
      end()
    }
    const timer = setTimeout(() => {
      hasTimedOut = true
      end()
    }, timerDelay(limits.wallClockMs))
    if (signal?.aborted) stop()
    signal?.addEventListener('abort', stop)
    const settle = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
    }
    const stdout = keep(child.stdout)
    const stderr = keep(child.stderr)
    const times = keep(child.stdio[3] as Readable | null)
    if (onOutput) child.stdout?.removeAllListeners('data').on('data', onOutput)
    child.stdin?.on('error', () => {})
    // If only the shell was killed, the command still runs. Closing the lifeline ends it.
    child.once('exit', end)
    child.once('error', (error) => {
      settle()
      reject(error)
    })
    child.once('close', (code) => {
      settle()
      const errors = stderr.text()
      if (code !== null && (COMMAND_NOT_RUNNABLE.includes(code) || (code > 0 && NOT_CONFINED.test(errors)))) {
        reject(new Error(`${command} cannot be run in the sandbox ${run.sandbox.kind}: ${errors}`))
        return
      }
      const usedCpuSeconds = childrenTime(times.text())
      if (owner !== undefined) processorUse.add(owner, usedCpuSeconds ?? 0)
      const cause = causeOfEnd({ code, hasTimedOut, isStopped, usedCpuSeconds, cpuSeconds })
      resolve({ code, cause, stdout: stdout.text(), stderr: errors })
    })
  })
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
