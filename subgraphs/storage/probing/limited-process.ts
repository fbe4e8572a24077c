import { spawn } from 'node:child_process'

/** What a child process may take. */
export type Limits = { wallClockMs: number; cpuSeconds: number; memoryBytes: number; writtenBytes: number }

/** How a child process ended. */
export type Ended = {
  code: number | null
  signal: NodeJS.Signals | null
  timedOut: boolean
  stdout: string
  stderr: string
}

/** What is to be run, where, and what it may take. */
export type LimitedRun = {
  command: string
  args: readonly string[]
  /** A folder of its own. */
  cwd: string
  limits: Limits
  /** Takes the output as it comes; without it the first megabyte is kept. */
  onOutput?: (chunk: string) => void
  /** Ends the command early. */
  signal?: AbortSignal
}

const KEPT_CHARACTERS = 1024 * 1024
const COMMAND_NOT_RUNNABLE = [126, 127]

// The shell's own limits are there on every Unix, prlimit is not. A limit that a system does not know is left out.
// Standard input is a lifeline: it ends when this process does, however that ends, and the command with it.
const SCRIPT = `
ulimit -c 0 2>/dev/null
ulimit -t "$1" 2>/dev/null
ulimit -v "$2" 2>/dev/null
ulimit -f "$3" 2>/dev/null
shift 3
exec 3<&0 </dev/null
nice=$(command -v nice) && set -- "$nice" -n 10 "$@"
"$@" 3<&- &
command=$!
(read -r _ <&3; kill -9 "$command") >/dev/null 2>&1 &
watcher=$!
exec 3<&-
wait "$command"
code=$?
kill -9 "$watcher" 2>/dev/null
exit "$code"`

/**
 * Runs a command on something that is not trusted: little time, memory and disk, low priority, and an environment
 * without any of this process's secrets (architecture of untrusted media).
 *
 * @throws Error where the command itself can't be run, which says nothing about its input
 */
export function runLimited({ command, args, cwd, limits, onOutput, signal }: LimitedRun): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const { cpuSeconds, memoryBytes, writtenBytes } = limits
    const numbers = [cpuSeconds, Math.ceil(memoryBytes / 1024), Math.ceil(writtenBytes / 512)]
    const child = spawn('/bin/sh', ['-c', SCRIPT, 'sh', ...numbers.map(String), command, ...args], {
      cwd,
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    let timedOut = false
    const end = () => void child.stdin.destroy()
    const timer = setTimeout(() => {
      timedOut = true
      end()
    }, limits.wallClockMs)
    if (signal?.aborted) end()
    signal?.addEventListener('abort', end)
    const settle = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
    }
    const stdout = keep()
    const stderr = keep()
    child.stdout.setEncoding('utf8').on('data', onOutput ?? stdout.add)
    child.stderr.setEncoding('utf8').on('data', stderr.add)
    child.stdin.on('error', () => {})
    child.once('error', (error) => {
      settle()
      reject(error)
    })
    child.once('close', (code, endedBy) => {
      settle()
      if (code !== null && COMMAND_NOT_RUNNABLE.includes(code)) {
        reject(new Error(`${command} can't be run: ${stderr.text()}`))
      } else resolve({ code, signal: endedBy, timedOut, stdout: stdout.text(), stderr: stderr.text() })
    })
  })
}

function keep() {
  let text = ''
  return {
    add: (chunk: string) => {
      if (text.length < KEPT_CHARACTERS) text += chunk
    },
    text: () => text,
  }
}
