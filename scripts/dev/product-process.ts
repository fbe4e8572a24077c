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

/** Prepares to run the product. Its log goes to standard output in a readable form. */
export function productProcess(options: {
  root: string
  nodeOptions: readonly string[]
  env: NodeJS.ProcessEnv
  liveUrl: string
}): ProductProcess {
  const { root, nodeOptions, env, liveUrl } = options
  let child: ChildProcess | null = null
  async function stop(): Promise<void> {
    const stopping = child
    child = null
    if (!stopping || hasEnded(stopping)) return
    const ended = new Promise((resolve) => stopping.once('exit', resolve))
    stopping.kill('SIGTERM')
    const impatience = setTimeout(() => stopping.kill('SIGKILL'), STOP_WITHIN_MS)
    await ended
    clearTimeout(impatience)
  }
  return {
    stop,
    async restart() {
      await stop()
      const started = spawn(process.execPath, [...nodeOptions, 'main.js'], {
        cwd: root,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      child = started
      show(started.stdout)
      show(started.stderr)
      while (!hasEnded(started)) {
        if (await answers(liveUrl)) return true
        await sleep(20)
      }
      return false
    },
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

function show(output: Readable): void {
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
