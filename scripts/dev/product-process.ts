import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Part, unaffected } from './parts.ts'
import { readableLine } from './readable-line.ts'

/** What became of a restart: the product answers, or it could not be loaded, or it ended while it started, and how. */
export type Restarted = 'answers' | 'not loaded' | { ended: string }

/** The product as a process that is replaced after each change. */
export type ProductProcess = {
  /** Prepares a restart after a change: a prepared process that has loaded a changed file is replaced. */
  filesChanged(files: readonly string[]): void
  /**
   * Loads the product in a new process, replaces the running process with it, and waits until it answers. If the new
   * process ends while it starts, tries once more: on a busy machine, a connection to the database may time out.
   */
  restart(): Promise<Restarted>
  stop(): Promise<void>
}

// At the end, the product stops cleanly. A process that is still busy then is killed; nothing is lost by that.
const STOP_WITHIN_MS = 1_000

// The exit status of the product if it has to be configured differently.
const WRONG_CONFIGURATION = 'status 2'

// A process may end before a message reaches it. Its exit status shows that.
const ignoreClosed = () => {}

type Prepared = { child: ChildProcess; loads: readonly Part[] }

/**
 * Prepares to run the product. Its log goes to standard output in a readable form. While one process runs, the next one
 * has already loaded the packages, and the parts that the last change did not affect: the next change is probably in the
 * same part.
 */
export function productProcess(options: {
  root: string
  /** Whether a debugger can attach on port 9229. */
  inspect: boolean
  env: NodeJS.ProcessEnv
  liveUrl: string
  parts: readonly Part[]
  /** The parts to load before the first change. */
  firstParts: readonly Part[]
}): ProductProcess {
  const { root, inspect, env, liveUrl, parts } = options
  let steadyParts = options.firstParts
  let running: ChildProcess | null = null
  let next: Prepared | null = null
  let hasStopped = false

  function prepare(loads: readonly Part[]): Prepared {
    const entries = loads.map(({ entry }) => entry)
    const child = spawn(
      process.execPath,
      ['scripts/dev/standby.ts', inspect ? 'inspect' : 'run', ...entries],
      { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
    )
    show(child.stdout)
    show(child.stderr)
    return { child, loads }
  }

  async function replace(): Promise<Restarted> {
    const { child } = next && !hasEnded(next.child) ? next : prepare(steadyParts)
    next = null
    child.send('load', ignoreClosed)
    await Promise.race([once(child, 'message'), once(child, 'exit')])
    if (hasEnded(child)) {
      if (!hasStopped) next = prepare(steadyParts)
      return 'not loaded'
    }
    if (running) await end(running, 'SIGKILL')
    if (hasStopped) {
      child.kill('SIGKILL')
      return { ended: 'stopped' }
    }
    running = child
    child.send('start', ignoreClosed)
    while (!hasEnded(child)) {
      if (await answers(liveUrl)) {
        if (!hasStopped) next = prepare(steadyParts)
        return 'answers'
      }
      await sleep(20)
    }
    return { ended: child.signalCode ?? `status ${child.exitCode}` }
  }

  return {
    filesChanged(files) {
      steadyParts = unaffected(parts, files)
      if (!next || next.loads.every((part) => steadyParts.includes(part))) return
      next.child.kill('SIGKILL')
      next = prepare(steadyParts)
    },
    async restart() {
      const restarted = await replace()
      if (typeof restarted === 'string' || restarted.ended === WRONG_CONFIGURATION || hasStopped)
        return restarted
      return replace()
    },
    async stop() {
      hasStopped = true
      next?.child.kill('SIGKILL')
      if (!running) return
      const impatience = setTimeout(() => running?.kill('SIGKILL'), STOP_WITHIN_MS)
      await end(running, 'SIGTERM')
      clearTimeout(impatience)
    },
  }
}

/** Sends a signal to a process and waits until the process has ended. */
async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

function show(output: Readable | null): void {
  if (!output) return
  createInterface({ input: output }).on('line', (line) => process.stdout.write(`${readableLine(line)}\n`))
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url)
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}
