import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

// /proc counts in ticks. Every Linux on which Node runs has 100 ticks a second.
const TICKS_PER_SECOND = 100
const PAGE_BYTES = 4096

/** Some fields of /proc/<pid>/stat (proc(5)). */
type Stat = { parent: number; cpuTicks: number; endedChildrenCpuTicks: number; residentPages: number }

function stat(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The second field is the program's name in brackets, which may contain spaces and brackets. Numbers follow.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const field = (number: number) => fields[number - 3] ?? 0
    return {
      parent: field(4),
      cpuTicks: field(14) + field(15),
      endedChildrenCpuTicks: field(16) + field(17),
      residentPages: field(24),
    }
  } catch {
    return null
  }
}

/** Returns the processor time that processes have used so far, in seconds. Linux only. */
export function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (stat(pid)?.cpuTicks ?? 0), 0) / TICKS_PER_SECOND
}

/** Returns the processor time that all programs of the machine have used so far, in seconds. Linux only. */
export function machineCpuSeconds(): number {
  const [line = ''] = readFileSync('/proc/stat', 'latin1').split('\n')
  const [user = 0, nice = 0, system = 0, _idle, _iowait, irq = 0, softirq = 0, steal = 0] = line
    .split(/ +/)
    .slice(1)
    .map(Number)
  return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND
}

/** Returns the resident memory of processes in MiB. Shared memory is counted for each process. Linux only. */
export function residentMebibytes(pids: readonly number[]): number {
  return (pids.reduce((sum, pid) => sum + (stat(pid)?.residentPages ?? 0), 0) * PAGE_BYTES) / 2 ** 20
}

/** Returns the running child processes of a process. Linux only. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((child) => child > 0 && stat(child)?.parent === pid)
}

/** Returns the processor time that the embedded PostgreSQL of a data folder has used so far, in seconds. Linux only. */
export function postgresCpuSeconds(dataDir: string): number {
  const [line = ''] = readFileSync(path.join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')
  const postmaster = Number(line)
  // Linux adds the time of ended connections to their parent process.
  const ended = (stat(postmaster)?.endedChildrenCpuTicks ?? 0) / TICKS_PER_SECOND
  return cpuSeconds([postmaster, ...childrenOf(postmaster)]) + ended
}
