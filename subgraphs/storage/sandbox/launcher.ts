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
/** How long the launcher may take to accept an order, and to end a command whose time is over. */
const PATIENCE_MS = 30_000
const LOOK_MS = 1_000

type Launcher = { run(order: Order, wishes: Wishes): Promise<Finished> }

let current: Launcher | null = null

/**
 * Runs a command through the launcher, which is started if it does not run. Starting a process copies the page tables of
 * the process that starts it, which takes this service with its large memory tens of milliseconds in which it answers
 * nobody, and the launcher about one.
 *
 * @throws Error if the command cannot be started, or if the launcher cannot be started, hangs or ends
 */
export async function launch(order: Order, wishes: Wishes): Promise<Finished> {
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
  let hasEnded = false
  let idle: NodeJS.Timeout | undefined

  // It may hang. The commands that it has started end with it.
  const kill = () => void child.kill('SIGKILL')
  const end = (reason: string) => {
    if (hasEnded) return
    hasEnded = true
    onEnd(launcher)
    clearTimeout(idle)
    process.off('exit', kill)
    kill()
    for (const { fail } of runs.values()) fail(new Error(`The launcher of media tools ended: ${reason}`))
  }
  process.once('exit', kill)
  // Several errors may follow each other, and one that nobody listens to would end the service.
  child.on('error', (error) => end(error.message))
  child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`))
  child.on('message', (report: Report) => runs.get(report.run)?.report(report))
  // Without work, it does not keep the service running.
  const rest = () => {
    child.unref()
    child.channel?.unref()
    if (!hasEnded) idle = setTimeout(() => end('it had no work'), IDLE_MS).unref()
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
      const answer = awaitAnswer(() => end('it does not answer'))
      const stop = () => {
        answer.within(PATIENCE_MS)
        send(child, { stop: run })
      }
      try {
        return await new Promise<Finished>((resolve, reject) => {
          runs.set(run, {
            report(report) {
              if ('output' in report) onOutput?.(report.output)
              else if ('finished' in report) resolve(report.finished)
              else if ('problem' in report) reject(new Error(report.problem))
              else if (!signal?.aborted) answer.within(order.limits.wallClockMs + PATIENCE_MS)
            },
            fail: reject,
          })
          answer.within(PATIENCE_MS)
          send(child, { run, order, wantsOutput: onOutput !== undefined })
          if (signal?.aborted) stop()
          signal?.addEventListener('abort', stop)
        })
      } finally {
        signal?.removeEventListener('abort', stop)
        answer.stop()
        runs.delete(run)
        if (runs.size === 0) rest()
      }
    },
  }
  return launcher
}

/** Waits for the next answer. It counts looks instead of time, in which this process may have been stopped itself. */
function awaitAnswer(giveUp: () => void): { within(ms: number): void; stop(): void } {
  let looksLeft = Number.POSITIVE_INFINITY
  const looks = setInterval(() => {
    looksLeft -= 1
    if (looksLeft < 0) giveUp()
  }, LOOK_MS)
  return {
    within(ms) {
      looksLeft = ms / LOOK_MS
    },
    stop: () => clearInterval(looks),
  }
}

function send(child: ChildProcess, request: Request): void {
  // A launcher that has ended or could not be started reports that itself.
  if (child.connected) child.send(request, () => {})
}
