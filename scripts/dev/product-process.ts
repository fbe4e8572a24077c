import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { readableLine } from './readable-line.ts'

/** The product as a process that is replaced after each change. */
export type ProductProcess = {
  /** Ends the running process, starts a new one, and resolves to whether it answers. */
  restart(): Promise<boolean>
  stop(): Promise<void>
}

// A process that is still busy is killed: nothing is lost by that, and the developer is waiting.
const STOP_WITHIN_MS = 1_000

/**
 * Prepares to run the product. Its log goes to standard output in a readable form. While one process runs, the next one
 * has already loaded the packages.
 */
export function productProcess(options: {
  root: string
  /** Whether a debugger can attach on port 9229. */
  inspect: boolean
  env: NodeJS.ProcessEnv
  liveUrl: string
}): ProductProcess {
  const { root, inspect, env, liveUrl } = options
  let running: ChildProcess | null = null
  let next: ChildProcess | null = null
  function prepareNext(): ChildProcess {
    const prepared = spawn(process.execPath, ['scripts/dev/standby.ts'], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    show(prepared.stdout)
    show(prepared.stderr)
    return prepared
  }
  async function stopRunning(): Promise<void> {
    const stopping = running
    if (!stopping || hasEnded(stopping)) return
    const ended = new Promise((resolve) => stopping.once('exit', resolve))
    stopping.kill('SIGTERM')
    const impatience = setTimeout(() => stopping.kill('SIGKILL'), STOP_WITHIN_MS)
    await ended
    clearTimeout(impatience)
  }
  let hasStopped = false
  return {
    async stop() {
      hasStopped = true
      next?.kill('SIGKILL')
      await stopRunning()
    },
    async restart() {
      await stopRunning()
      if (hasStopped) return false
      const started = next && !hasEnded(next) ? next : prepareNext()
      next = null
      running = started
      started.send(inspect ? 'inspect' : 'start')
      while (!hasEnded(started)) {
        if (await answers(liveUrl)) {
          if (!hasStopped) next = prepareNext()
          return true
        }
        await sleep(20)
      }
      return false
    },
  }
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
