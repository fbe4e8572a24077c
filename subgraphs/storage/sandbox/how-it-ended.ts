import { constants } from 'node:os'

/**
 * Why a child process ended:
 * - `EXITED`: it exited, with any exit code
 * - `CRASHED`: an error in the program, such as an invalid address
 * - `OUT_OF_TIME`, `TOO_MUCH_WRITTEN`: it reached one of its limits
 * - `TOO_MUCH_MEMORY`, `TOO_MANY_THREADS`: all of its processes together used more than it may
 * - `STOPPED`: the caller stopped it
 * - `KILLED`: something else killed it, such as an operator or a system short of memory. This says nothing about the
 *   input.
 */
export type Cause =
  | 'EXITED'
  | 'CRASHED'
  | 'OUT_OF_TIME'
  | 'TOO_MUCH_WRITTEN'
  | 'TOO_MUCH_MEMORY'
  | 'TOO_MANY_THREADS'
  | 'STOPPED'
  | 'KILLED'

/** What the parent observes when a child process ends. */
export type SeenEnd = {
  /**
   * The exit code. It is 128 plus the signal number if a signal ended the command, and null if a signal ended its
   * shell.
   */
  code: number | null
  hasTimedOut: boolean
  isStopped: boolean
  /** The limit for all of its processes or files together that it exceeded. */
  exceeded?: Cause | null
  /** The processor time that the command used; null if unknown. */
  usedCpuSeconds: number | null
  /** The limit for the processor time. */
  cpuSeconds: number
}

const OWN_ERRORS = ['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGSYS', 'SIGTRAP'] as const
// ffmpeg handles SIGTERM, SIGINT and SIGXCPU and then exits with this code.
const ENDED_BY_REQUEST = 255

/** Determines why a child process ended. All code that runs child processes uses this function. */
export function causeOfEnd({
  code,
  hasTimedOut,
  isStopped,
  exceeded,
  usedCpuSeconds,
  cpuSeconds,
}: SeenEnd): Cause {
  if (exceeded) return exceeded
  if (hasTimedOut) return 'OUT_OF_TIME'
  if (isStopped) return 'STOPPED'
  if (code === null) return 'KILLED'
  if (code === 0) return 'EXITED'
  const signal = code > 128 && code < ENDED_BY_REQUEST ? code - 128 : null
  if (signal === null && code !== ENDED_BY_REQUEST) return 'EXITED'
  // A program that ignores SIGXCPU is killed with SIGKILL later. The kernel counts slightly more time than it reports
  // afterwards, so 80 % of the limit counts as used up.
  if (signal === constants.signals.SIGXCPU || (usedCpuSeconds ?? 0) >= cpuSeconds * 0.8) return 'OUT_OF_TIME'
  if (signal === constants.signals.SIGXFSZ) return 'TOO_MUCH_WRITTEN'
  return OWN_ERRORS.some((name) => constants.signals[name] === signal) ? 'CRASHED' : 'KILLED'
}
