import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** Returns the resident memory of a process in bytes (proc(5), VmRSS). */
export function residentMemory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) * 1024
}

/** Returns the processes whose working folder, arguments or environment contain a folder, as "pid arguments". */
export function processesOf(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== `${process.pid}`)
    .filter((pid) => belongsTo(pid, folder))
    .map((pid) => `${pid} ${readQuietly(pid, 'cmdline').replaceAll('\0', ' ')}`)
}

function belongsTo(pid: string, folder: string): boolean {
  // A zombie process has neither arguments nor a working folder.
  const known = ['cmdline', 'environ'].some((file) => readQuietly(pid, file).includes(folder))
  return known || workingFolder(pid).startsWith(folder)
}

function readQuietly(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}

function workingFolder(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return ''
  }
}

/** Returns the parent of a process; NaN if the process has ended. */
export function parentOf(pid: number): number {
  return Number(/^.*\) \S (\d+)/.exec(readQuietly(`${pid}`, 'stat'))?.[1])
}

/** Returns the children of a process. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => parentOf(child) === pid)
}
