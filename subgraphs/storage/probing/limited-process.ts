import { spawn } from 'node:child_process'
import { chmod, chown, type FileHandle, open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { timerDelay } from '../../../platform/timer-delay.ts'
import { type Cause, causeOfEnd } from '../sandbox/how-it-ended.ts'
import type { Confined, Sandbox } from '../sandbox/sandbox.ts'

/** What a child process may take. */
export type Limits = {
  wallClockMs: number
  cpuSeconds: number
  /** What it may write to in memory. */
  memoryBytes: number
  /** What it may reserve addresses for; where unset, twice its memory. */
  addressBytes?: number
  /** The largest file that it may write. */
  writtenBytes: number
}

/** How a child process ended. */
export type Ended = { code: number | null; cause: Cause; stdout: string; stderr: string }

/** What is to be run, how it is confined, and what it may take. */
export type LimitedRun = Confined & {
  sandbox: Sandbox
  limits: Limits
  /** Takes the output as it comes; without it the first megabyte is kept. */
  onOutput?: (chunk: string) => void
  /** Ends the command early. */
  signal?: AbortSignal
}

const KEPT_CHARACTERS = 1024 * 1024
const COMMAND_NOT_RUNNABLE = [126, 127]
// What the tools that make a sandbox say when they can't.
const NOT_CONFINED = /^(bwrap|unshare|setpriv|mount|pivot_root|umount|sandbox): /

// The shell's own limits are there on every Unix, prlimit is not. A limit that a system does not know is left out.
// Memory is limited twice: what is written to (-d, which also holds for programs that reserve far more addresses than
// they use, such as Node), and addresses (-v). Standard input is a lifeline: it ends when this process does, however
// that ends, and the command with it. Processor time ends with a signal of its own
// (SIGXCPU), and 5 s later in any case. File descriptor 3 tells how much of it was used, where the sandbox tells.
const SCRIPT = `
ulimit -c 0 2>/dev/null
ulimit -H -t "$(($1 + 5))" 2>/dev/null
ulimit -S -t "$1" 2>/dev/null
ulimit -d "$2" 2>/dev/null
ulimit -v "$3" 2>/dev/null
ulimit -f "$4" 2>/dev/null
shift 4
exec 9<&0 </dev/null
nice=$(command -v nice) && set -- "$nice" -n 10 "$@"
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
 * Runs a command on something that is not trusted: in a sandbox, with little time, memory and disk, low priority, and an
 * environment without any of this process's secrets.
 *
 * @throws Error where the command can't be run or confined, which says nothing about its input
 */
export async function runLimited(run: LimitedRun): Promise<Ended> {
  const { sandbox, cwd } = run
  if (sandbox.user !== null) {
    await chown(cwd, sandbox.user, sandbox.user)
    // bubblewrap enters it as a root without capabilities; the folders above are closed to everyone else.
    await chmod(cwd, 0o711)
  }
  const { argv, passedFiles } = sandbox.wrap(run)
  const passed: FileHandle[] = []
  try {
    for (const file of passedFiles) passed.push(await open(file, 'r'))
    return await start(run, argv, passed)
  } finally {
    for (const handle of passed) await handle.close()
  }
}

function start(run: LimitedRun, argv: string[], passed: readonly FileHandle[]): Promise<Ended> {
  const { command, cwd, limits, onOutput, signal } = run
  return new Promise((resolve, reject) => {
    const { cpuSeconds, memoryBytes, writtenBytes, addressBytes = 2 * memoryBytes } = limits
    const kibibytes = [memoryBytes, addressBytes].map((bytes) => Math.ceil(bytes / 1024))
    const numbers = [Math.ceil(cpuSeconds), ...kibibytes, Math.ceil(writtenBytes / 512)]
    const child = spawn('/bin/sh', ['-c', SCRIPT, 'sh', ...numbers.map(String), ...argv], {
      cwd,
      // Statically linked tools crash where they load this machine's modules for converting character sets.
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', GCONV_PATH: '/nonexistent' },
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
    // Where its shell alone was killed, the command is still there: the lifeline ends it.
    child.once('exit', end)
    child.once('error', (error) => {
      settle()
      reject(error)
    })
    child.once('close', (code) => {
      settle()
      const said = stderr.text()
      if (code !== null && (COMMAND_NOT_RUNNABLE.includes(code) || (code > 0 && NOT_CONFINED.test(said)))) {
        reject(new Error(`${command} can't be run: ${said}`))
        return
      }
      const usedCpuSeconds = childrenTime(times.text())
      const cause = causeOfEnd({ code, hasTimedOut, isStopped, usedCpuSeconds, cpuSeconds })
      resolve({ code, cause, stdout: stdout.text(), stderr: said })
    })
  })
}

/** The processor time of a shell's children, from what its `times` says: minutes and seconds, its own line first. */
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
