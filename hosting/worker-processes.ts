import cluster, { type Worker } from 'node:cluster'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../platform/log.ts'
import { ReportedFailure } from './run.ts'
import type { AddWorker } from './shared-state.ts'
import { readFromWorker, type ToWorker } from './worker-messages.ts'

/** The worker processes of the product. */
export type WorkerProcesses = {
  /** The port on which all of them listen. */
  port: number
  /** Resolves if workers end again and again soon after they were started. */
  failed: Promise<void>
  /** Stops all workers, and kills those that do not stop in time. */
  stop(): Promise<void>
}

type Options = {
  count: number
  /** Returns the additional environment of a worker. */
  environmentOf(index: number): Record<string, string>
  /** Adds each worker to what the primary process knows of all workers. */
  addWorker: AddWorker
  log: Log
}

// A worker that ends sooner than this after it was started has failed. After some failures in a row, starting further
// workers is no remedy.
const SOON_MS = 10_000
const FAILURES = 5
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5_000
// Leaves time to stop the database.
const STOP_WITHIN_MS = 8_500

/**
 * Starts the workers: the first one alone, which applies migrations and shows whether the product can start, and then
 * the others in the background. Each worker that ends later is replaced.
 *
 * @returns when the first worker is ready
 * @throws ReportedFailure if the first worker ends before
 */
export async function startWorkerProcesses(options: Options): Promise<WorkerProcesses> {
  const { count, log } = options
  const workers = new Map<number, Worker>()
  const starting = new Set<Worker>()
  const ends = new Map<number, Promise<void>>()
  const failed = Promise.withResolvers<void>()
  const stopping = new AbortController()
  let failures = 0
  let canStart = false

  /** Starts a worker. Resolves when it is ready; rejects if it ends before. */
  const start = (index: number): Promise<number> => {
    const worker = cluster.fork(options.environmentOf(index))
    const startedAt = performance.now()
    const { promise: ready, resolve, reject } = Promise.withResolvers<number>()
    const state = options.addWorker((message) => sendTo(worker, message))
    workers.set(index, worker)
    starting.add(worker)
    worker.on('message', (message: unknown) => {
      const report = readFromWorker(message)
      if (report?.kind === 'ready') {
        starting.delete(worker)
        resolve(report.port)
      } else if (report) state.receive(report)
    })
    const ended = new Promise<void>((end) => {
      worker.once('exit', (code, signal) => {
        state.forget()
        workers.delete(index)
        starting.delete(worker)
        end()
        reject(new ReportedFailure(code || 1))
        const ranMs = Math.round(performance.now() - startedAt)
        if (canStart && !stopping.signal.aborted) void replace(index, { code, signal, ranMs })
      })
    })
    ends.set(index, ended)
    return ready
  }

  const replace = async (index: number, ending: { code: number; signal: string; ranMs: number }) => {
    failures = ending.ranMs < SOON_MS ? failures + 1 : 0
    const fields = { worker: index + 1, ...ending }
    if (failures >= FAILURES) {
      log.error({ ...fields, failures }, 'workers end soon after they are started')
      return failed.resolve()
    }
    const restartInMs = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS)
    log.error({ ...fields, restartInMs }, 'worker ended; starting another one')
    await sleep(restartInMs, undefined, { signal: stopping.signal }).catch(() => {})
    if (stopping.signal.aborted) return
    await startLater(index)
  }

  const startLater = async (index: number) => {
    // If it ends, it is replaced.
    const port = await start(index).catch(() => null)
    if (port !== null) log.info({ worker: index + 1 }, 'worker ready')
  }

  const stop = async () => {
    stopping.abort()
    for (const worker of workers.values()) {
      // A worker that is still starting has no requests to finish.
      if (starting.has(worker)) worker.process.kill('SIGKILL')
      else sendTo(worker, { kind: 'stop' })
    }
    const ended = Promise.all(ends.values())
    await Promise.race([ended, sleep(STOP_WITHIN_MS, undefined, { ref: false })])
    for (const [index, worker] of workers) {
      log.error({ worker: index + 1 }, 'worker did not stop in time; killing it')
      worker.process.kill('SIGKILL')
    }
    await ended
  }

  const port = await start(0)
  canStart = true
  for (let index = 1; index < count; index++) void startLater(index)
  return { port, failed: failed.promise, stop }
}

function sendTo(worker: Worker, message: ToWorker): void {
  // A worker that has just ended can't receive messages.
  if (worker.isConnected()) worker.send(message, () => {})
}
