import type { ChildProcess } from 'node:child_process'
import { timerDelay } from '../../../platform/timer-delay.ts'
import type { Cause } from './how-it-ended.ts'
import type { Limits } from './limits.ts'
import { watchUse } from './watch-use.ts'

/** What a supervised command may use, and the signal that ends it early. */
export type Supervised = { cwd: string; limits: Limits; signal?: AbortSignal | undefined }

/** Why a command was ended early; all false or null if it was not. */
export type EarlyEnd = {
  hasTimedOut: boolean
  isStopped: boolean
  /** The limit for all of its processes or files together that it exceeded. */
  exceeded: Cause | null
}

/** The supervision of a running command. */
export type Supervision = {
  early: Readonly<EarlyEnd>
  /** The processor time that was used at the last look; it is all that is known of a killed command. */
  cpuSeconds(): number
  /** Kills what the command started, after the command itself has exited. */
  killRemains(): void
  /** Ends the supervision. */
  release(): void
}

const MIN_FOLDER_BYTES = 16 * 1024 ** 2
const MAX_FILES = 1000
// A command that was told to end may not end.
const GRACE_MS = 5000

/** Ends a running command when it takes too long, uses too much, or is no longer wanted. */
export function supervise(child: ChildProcess, { cwd, limits, signal }: Supervised): Supervision {
  const early: EarlyEnd = { hasTimedOut: false, isStopped: false, exceeded: null }
  const timers: NodeJS.Timeout[] = []
  let hasExited = false
  // Closing standard input makes the watcher kill the command. If the command has stopped the watcher, the whole group is
  // killed.
  const end = () => {
    child.stdin?.destroy()
    if (!hasExited) timers.push(setTimeout(() => killGroup(child.pid), GRACE_MS))
  }
  const watched = {
    cwd,
    memoryBytes: limits.memoryBytes,
    folderBytes: Math.max(MIN_FOLDER_BYTES, 2 * limits.writtenBytes),
    folderFiles: limits.writtenFiles ?? MAX_FILES,
  }
  const use = child.pid
    ? watchUse({ ...watched, pid: child.pid }, (cause) => {
        early.exceeded = cause
        end()
      })
    : null
  // A killed command does not report its processor time, so it is read before.
  const endAfterLook = () => void (use?.look() ?? Promise.resolve()).finally(end)
  const stop = () => {
    early.isStopped = true
    endAfterLook()
  }
  const timeOut = () => {
    early.hasTimedOut = true
    endAfterLook()
  }
  timers.push(setTimeout(timeOut, timerDelay(limits.wallClockMs)))
  if (signal?.aborted) stop()
  signal?.addEventListener('abort', stop)
  return {
    early,
    cpuSeconds: () => use?.cpuSeconds() ?? 0,
    killRemains() {
      hasExited = true
      end()
      killGroup(child.pid)
    },
    release() {
      for (const timer of timers) clearTimeout(timer)
      use?.stop()
      signal?.removeEventListener('abort', stop)
    },
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nothing of it runs any more.
  }
}
