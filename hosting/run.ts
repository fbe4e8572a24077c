import { flushCompileCache } from 'node:module'
import { ConfigError } from '../platform/config.ts'
import type { Log } from '../platform/log.ts'
import { hasCode } from '../platform/system-error.ts'

/** A running program that can be stopped. */
export type Running = {
  stop(): Promise<void>
  log: Log
  /** Resolves if the program can't go on. It is then stopped, and the exit status is 1. */
  failed?: Promise<void>
}

/** The program could not start, and the reason is already on standard error or in the log. */
export class ReportedFailure extends Error {
  override name = 'ReportedFailure'
  readonly exitCode: number

  constructor(exitCode: number) {
    super('the program could not start')
    this.exitCode = exitCode
  }
}

// A terminal, systemd and Kubernetes expect a service to exit within 10 s after they stop it.
const STOP_WITHIN_MS = 9_500

const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
// Ctrl-C reaches this process twice: from the terminal, and from npm, which forwards it.
const SAME_SIGNAL_MS = 500
const PARENT_CHECK_MS = 500
// By then, V8 has compiled most functions that a start needs.
const SAVE_COMPILED_AFTER_MS = 5_000

/**
 * Runs a program until SIGTERM, SIGINT or SIGHUP arrives, or until the npm process that started it exits. Then it stops
 * the program cleanly. A second signal, or a stop that takes too long, exits immediately. The exit status is 2 if the
 * configuration is wrong, and 1 if starting or stopping fails.
 *
 * @param told resolves to a further reason to stop
 */
export async function run(start: () => Promise<Running>, told?: Promise<string>): Promise<void> {
  const stopReason = Promise.race([firstSignal(), parentExit(), ...(told ? [told] : [])])
  // A signal that arrives during start is handled after the start. If the start does not finish in time, the process
  // exits.
  let running: Running | null = null
  void stopReason.then(() => giveUpLater(running))
  running = await start().catch(refuse)
  // Node saves compiled functions at the end. A program that is always killed would start slowly every time.
  setTimeout(flushCompileCache, SAVE_COMPILED_AFTER_MS).unref()
  const failure = running.failed?.then(() => null) ?? new Promise<never>(() => {})
  const reason = await Promise.race([stopReason, failure])
  if (reason === null) giveUpLater(running)
  running.log.info({ reason: reason ?? 'failed' }, 'stopping')
  try {
    await running.stop()
    running.log.info({}, 'stopped')
    process.exit(reason === null ? 1 : 0)
  } catch (error) {
    running.log.error({ err: error }, 'stopping failed')
    process.exit(1)
  }
}

function giveUpLater(running: Running | null): void {
  setTimeout(() => {
    running?.log.error({}, 'stopping timed out')
    process.exit(1)
  }, STOP_WITHIN_MS).unref()
}

function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let firstAt: number | undefined
    for (const signal of STOP_SIGNALS) {
      process.on(signal, () => {
        firstAt ??= performance.now()
        if (performance.now() - firstAt > SAME_SIGNAL_MS) process.exit(1)
        resolve(signal)
      })
    }
  })
}

/**
 * Resolves when npm has exited. If npm is killed with SIGKILL or SIGHUP, it cannot forward the signal, and this process
 * would keep its port and its database forever.
 */
function parentExit(env: NodeJS.ProcessEnv = process.env): Promise<'npm exited'> {
  return new Promise((resolve) => {
    if (!env.npm_lifecycle_event) return
    const parent = process.ppid
    const check = setInterval(() => {
      if (process.ppid === parent) return
      clearInterval(check)
      resolve('npm exited')
    }, PARENT_CHECK_MS).unref()
  })
}

function isFolderError(error: unknown): error is Error {
  const codes = ['EACCES', 'EPERM', 'ENOTDIR', 'EROFS', 'ENOSPC']
  return error instanceof Error && codes.some((code) => hasCode(error, code)) && 'path' in error
}

function refuse(error: unknown): never {
  if (error instanceof ReportedFailure) process.exit(error.exitCode)
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.message}\n`)
    process.exit(2)
  }
  if (isFolderError(error)) {
    process.stderr.write(
      `A folder below MOBLOG_DATA_DIR or STORAGE_DIR can't be used: ${error.message}. Check its path, permissions and free space.\n`,
    )
    process.exit(2)
  }
  process.stderr.write(`Moblog could not start: ${error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
}
