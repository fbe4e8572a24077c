import type { Limits } from './limits.ts'
import type { EarlyEnd } from './supervise.ts'

/** A command to start below a shell that sets its limits. */
export type Order = {
  /** The command line of the sandbox that runs the command. */
  argv: readonly string[]
  cwd: string
  environment?: Readonly<Record<string, string>> | undefined
  /** Files that the child gets open for reading, as file descriptors from 4 on. */
  passedFiles: readonly string[]
  limits: Limits
  niceness: number
  /** How many threads the command's user may have; null if others may have the same user. */
  threads: number | null
}

/** How an ordered command ended. Of each output, about the first megabyte is kept. */
export type Finished = {
  /** The exit code of its shell; null if a signal ended the shell. */
  code: number | null
  early: EarlyEnd
  /** The processor time at the last look, in seconds. */
  cpuSeconds: number
  stdout: string
  stderr: string
  /** The shell's report about processor time. */
  times: string
}

/** What the service tells the launcher. */
export type Request = { run: number; order: Order; wantsOutput: boolean } | { stop: number }

/** What the launcher tells the service about a run. */
export type Report =
  | { run: number; isAccepted: true }
  | { run: number; output: string }
  | { run: number; finished: Finished }
  /** The command could not be started. */
  | { run: number; problem: string }
