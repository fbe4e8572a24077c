import { type ChildProcess, spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { hasCode } from '../../../platform/system-error.ts'
import type { Order } from './launcher-messages.ts'

// Limits: every Unix has the shell's ulimit, but not prlimit. A limit that the system does not know is skipped.
// - Memory has two limits. `-d` limits writable memory, also of programs such as Node, which reserve far more addresses
//   than they use. `-v` limits addresses.
// - At the limit of processor time the command gets SIGXCPU, and 5 s later SIGKILL. The soft limit is set first, because
//   the hard one may not be below it.
// - The limit of threads counts all processes of a user, so it is set only if the command has a user of its own. Shells
//   call it -p or -u.
// End: standard input closes when this process ends for any reason, and the watcher then kills the command. The shell
// reports its processor time. A second later the watcher kills the group: the sandbox's own process may have been the
// command, and what it started runs as another user, whom it was not allowed to kill.
// Remains: the shell waits for the watcher. In a container without an init, nobody else would take note of its end.
// Report: the used processor time goes to file descriptor 3, if the sandbox passes it on.
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
exec 9<&0 </dev/null
nice=$(command -v nice) && set -- "$nice" -n "$niceness" "$@"
"$@" 3>&- 9<&- &
command=$!
(read -r _ <&9; kill -9 "$command"; sleep 1; kill -s KILL -- "-$$") >/dev/null 2>&1 3>&- &
watcher=$!
exec 9<&-
wait "$command"
code=$?
times >&3
[ "$code" -eq 137 ] || { kill -9 "$watcher"; wait "$watcher"; } 2>/dev/null
exit "$code"`

/** How a command is started. */
export type Start = Omit<Order, 'passedFiles'> & {
  /** Open files that the child gets as file descriptors from 4 on. */
  passedFds: readonly number[]
}

/** Starts a command below a shell that sets its limits and its priority. */
export function startLimited(start: Start): ChildProcess {
  const { argv, cwd, environment, passedFds, niceness, threads } = start
  const { cpuSeconds, memoryBytes, writtenBytes, addressBytes = 2 * memoryBytes } = start.limits
  const numbers = [
    Math.ceil(cpuSeconds),
    Math.ceil(memoryBytes / 1024),
    Math.ceil(addressBytes / 1024),
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
    stdio: ['pipe', 'pipe', 'pipe', 'pipe', ...passedFds],
  })
  void lowerSession(child, niceness)
  return child
}

/**
 * Sets the priority of a command's session. Linux may divide the processor between sessions before niceness counts
 * (sched(7), autogroup).
 */
async function lowerSession(child: ChildProcess, niceness: number): Promise<void> {
  for (const pauseMs of [0, 200, 400, 800, 2_000, 4_000]) {
    if (pauseMs > 0) await sleep(pauseMs, undefined, { ref: false })
    // After its end, another process may have the number.
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    try {
      return await writeFile(`/proc/${child.pid}/autogroup`, `${niceness}`)
    } catch (error) {
      // Other processes have just done the same.
      if (!hasCode(error, 'EAGAIN')) return
    }
  }
}

/**
 * Reads the processor time of the shell's children, in seconds, from the output of `times`. Its first line is the time
 * of the shell. Null if the output is not as expected.
 */
export function childrenTime(times: string): number | null {
  const values = [...times.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  )
  return values.length === 4 ? (values[2] ?? 0) + (values[3] ?? 0) : null
}
