import { constants } from 'node:os'

/**
 * Why a child process ended:
 * - `EXITED`: by itself, with whatever code
 * - `CRASHED`: by an error of its own, such as a wrong address
 * - `OUT_OF_TIME`, `TOO_MUCH_WRITTEN`: by one of its own limits
 * - `STOPPED`: since the caller wanted it to
 * - `KILLED`: by something else, such as an operator or a system short of memory. That says nothing about its input.
 */
export type Cause = 'EXITED' | 'CRASHED' | 'OUT_OF_TIME' | 'TOO_MUCH_WRITTEN' | 'STOPPED' | 'KILLED'

/** What is seen of an end. */
export type SeenEnd = {
  /** 128 and a signal's number where the command was ended by one; null where its shell was. */
  code: number | null
  hasTimedOut: boolean
  isStopped: boolean
  /** The processor time that was used; null where that is not known. */
  usedCpuSeconds: number | null
  /** The processor time that was granted. */
  cpuSeconds: number
}

const OWN_ERRORS = ['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGSYS', 'SIGTRAP'] as const
// ffmpeg ends so when it is told to: it handles SIGTERM, SIGINT and SIGXCPU itself.
const ENDED_BY_REQUEST = 255

/** Tells why a child process ended, in one place for all that run one. */
export function causeOfEnd({ code, hasTimedOut, isStopped, usedCpuSeconds, cpuSeconds }: SeenEnd): Cause {
  if (hasTimedOut) return 'OUT_OF_TIME'
  if (isStopped) return 'STOPPED'
  if (code === null) return 'KILLED'
  if (code === 0) return 'EXITED'
  const signal = code > 128 && code < ENDED_BY_REQUEST ? code - 128 : null
  if (signal === null && code !== ENDED_BY_REQUEST) return 'EXITED'
  // Who does not heed SIGXCPU gets SIGKILL in the end; the kernel counts a little more than is reported afterwards.
  if (signal === constants.signals.SIGXCPU || (usedCpuSeconds ?? 0) >= cpuSeconds * 0.8) return 'OUT_OF_TIME'
  if (signal === constants.signals.SIGXFSZ) return 'TOO_MUCH_WRITTEN'
  return OWN_ERRORS.some((name) => constants.signals[name] === signal) ? 'CRASHED' : 'KILLED'
}
