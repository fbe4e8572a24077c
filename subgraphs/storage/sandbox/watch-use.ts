import { lstat, readdir, readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import type { Cause } from './how-it-ended.ts'

/** What a running command uses, apart from what the kernel limits for each of its processes. */
export type Watched = {
  /** The process that started the command. */
  pid: number
  cwd: string
  /** The private and shared memory of all processes together. */
  memoryBytes: number
  /** The disk space of all files in the work folder together, and their number. */
  folderBytes: number
  folderFiles: number
}

/** A watch over a running command. */
export type Watch = {
  /** The processor time that was used at the last look. */
  cpuSeconds(): number
  /** Looks once more. */
  look(): Promise<void>
  stop(): void
}

/** The threads of all processes of a command together. ffmpeg starts several for each core. */
export const MAX_THREADS = 256 + 16 * availableParallelism()

const INTERVAL_MS = 500
// Looking takes at most this part of the time.
const SHARE = 0.05
// Pages of files that are mapped from a tmpfs count as shared memory too.
const MEMORY_SLACK = 256 * 1024 ** 2
// The unit of processor times in /proc on every Linux (USER_HZ).
const TICKS_PER_SECOND = 100

/**
 * Watches a running command, because the kernel's limits hold for one process or one file only. Only Linux tells what
 * processes use.
 *
 * @param onExceeded called once, when the command uses more than it may
 */
export function watchUse(watched: Watched, onExceeded: (cause: Cause) => void): Watch {
  let cpuSeconds = 0
  let hasEnded = false
  let timer: NodeJS.Timeout
  const look = async () => {
    const [use, files] = await Promise.all([useOf(watched.pid), sizeOf(watched.cwd, watched.folderFiles)])
    cpuSeconds = Math.max(cpuSeconds, use.cpuSeconds)
    const cause = exceeded(watched, use, files)
    if (!cause || hasEnded) return
    hasEnded = true
    onExceeded(cause)
  }
  const again = (delayMs: number) => {
    timer = setTimeout(async () => {
      const startedAt = performance.now()
      await look()
      if (!hasEnded) again(Math.max(INTERVAL_MS, (performance.now() - startedAt) / SHARE))
    }, delayMs)
  }
  again(INTERVAL_MS)
  return {
    cpuSeconds: () => cpuSeconds,
    look,
    stop() {
      hasEnded = true
      clearTimeout(timer)
    },
  }
}

type Use = { cpuSeconds: number; memoryBytes: number; threads: number }
type Size = { bytes: number; files: number }

function exceeded({ memoryBytes, folderBytes, folderFiles }: Watched, use: Use, size: Size): Cause | null {
  if (size.bytes > folderBytes || size.files > folderFiles) return 'TOO_MUCH_WRITTEN'
  if (use.memoryBytes > memoryBytes + MEMORY_SLACK) return 'TOO_MUCH_MEMORY'
  return use.threads > MAX_THREADS ? 'TOO_MANY_THREADS' : null
}

/** What a process and all processes below it use (proc_pid_stat(5), proc_pid_status(5)). */
async function useOf(pid: number): Promise<Use> {
  const [stat, status] = await Promise.all([read(`/proc/${pid}/stat`), read(`/proc/${pid}/status`)])
  // The name of the program comes first, in parentheses, and may contain anything.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const sum = (from: number, to: number) => fields.slice(from, to).reduce((total, value) => total + value, 0)
  const threads = fields[17] ?? 0
  const kibibytes = [...status.matchAll(/^Rss(?:Anon|Shmem):\s*(\d+)/gm)].map(([, value]) => Number(value))
  const own: Use = {
    cpuSeconds: sum(11, 15) / TICKS_PER_SECOND,
    memoryBytes: kibibytes.reduce((total, value) => total + value * 1024, 0),
    threads,
  }
  if (threads > MAX_THREADS) return own
  const below = await Promise.all((await childrenOf(pid)).map(useOf))
  return below.reduce(
    (total, use) => ({
      cpuSeconds: total.cpuSeconds + use.cpuSeconds,
      memoryBytes: total.memoryBytes + use.memoryBytes,
      threads: total.threads + use.threads,
    }),
    own,
  )
}

async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => [])
  const lists = await Promise.all(threads.map((thread) => read(`/proc/${pid}/task/${thread}/children`)))
  return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number))
}

/** The disk space of everything in a folder; no longer exact if there are more files than `maxFiles`. */
async function sizeOf(folder: string, maxFiles: number): Promise<Size> {
  const size: Size = { bytes: 0, files: 0 }
  const folders = [folder]
  for (let next = folders.pop(); next !== undefined && size.files <= maxFiles; next = folders.pop()) {
    const entries = await readdir(next, { withFileTypes: true }).catch(() => [])
    size.files += entries.length
    if (size.files > maxFiles) break
    for (const entry of entries) {
      const file = path.join(next, entry.name)
      if (entry.isDirectory()) folders.push(file)
      size.bytes += (await lstat(file).catch(() => ({ blocks: 0 }))).blocks * 512
    }
  }
  return size
}

function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '')
}
