import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Finished, Order, Report, Request } from './launcher-messages.ts'

/** What the caller of `launch` wants of a run. */
export type Wishes = {
  /** Receives the output while the command runs. Then the result has no output. */
  onOutput?: ((part: string) => void) | undefined
  /** Ends the command early. */
  signal?: AbortSignal | undefined
}

const PROGRAM = fileURLToPath(new URL('./launcher-process.ts', import.meta.url))
const IDLE_MS = 30_000

type Launcher = { run(order: Order, wishes: Wishes): Promise<Finished> }

let current: Launcher | null = null

/**
 * Runs a command through the launcher, which is started if it does not run. Starting a process copies the page tables of
 * the process that starts it, which takes this service with its large memory tens of milliseconds in which it answers
 * nobody, and the launcher about one.
 *
 * @throws Error if the command cannot be started, or if the launcher ends
 */
export function launch(order: Order, wishes: Wishes): Promise<Finished> {
  current ??= startLauncher((ended) => {
    // Another one may have been started since.
    if (current === ended) current = null
  })
  return current.run(order, wishes)
}

/** @param onEnd called when it takes no more orders */
function startLauncher(onEnd: (launcher: Launcher) => void): Launcher {
  // Its own group and no secrets: what ends the service ends the channel, and only that ends the launcher.
  const child = fork(PROGRAM, {
    detached: true,
    execArgv: [],
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const runs = new Map<number, { report(report: Report): void; fail(error: Error): void }>()
  let started = 0
  let idle: NodeJS.Timeout | undefined

  const end = (reason: string) => {
    onEnd(launcher)
    clearTimeout(idle)
    for (const { fail } of runs.values()) fail(new Error(`The launcher of media tools ended: ${reason}`))
  }
  child.once('error', (error) => end(error.message))
  child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`))
  child.on('message', (report: Report) => runs.get(report.run)?.report(report))
  // Without work, it does not keep the service running.
  const rest = () => {
    child.unref()
    child.channel?.unref()
    idle = setTimeout(() => {
      onEnd(launcher)
      child.disconnect()
    }, IDLE_MS).unref()
  }
  const work = () => {
    clearTimeout(idle)
    child.ref()
    child.channel?.ref()
  }

  const launcher: Launcher = {
    async run(order, { onOutput, signal }) {
      const run = ++started
      work()
      const stop = () => send(child, { stop: run })
      try {
        return await new Promise<Finished>((resolve, reject) => {
          runs.set(run, {
            report(report) {
              if ('output' in report) onOutput?.(report.output)
              else if ('finished' in report) resolve(report.finished)
              else reject(new Error(report.problem))
            },
            fail: reject,
          })
          send(child, { run, order, wantsOutput: onOutput !== undefined })
          if (signal?.aborted) stop()
          signal?.addEventListener('abort', stop)
        })
      } finally {
        signal?.removeEventListener('abort', stop)
        runs.delete(run)
        if (runs.size === 0) rest()
      }
    },
  }
  return launcher
}

function send(child: ChildProcess, request: Request): void {
  // A launcher that has ended reports that itself.
  child.send(request, () => {})
}
