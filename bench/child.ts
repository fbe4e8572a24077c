import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

/** A program to start, and how to find out that it is ready. */
export type ChildOptions = {
  /** Appears in the error message if the program does not start. */
  name: string
  /** The path of an executable, or of a script for Node. */
  program: string
  args?: readonly string[]
  /** Options of Node. */
  options?: readonly string[]
  env: Record<string, string>
  /** An address that answers 200 when the program is ready. */
  readyUrl: string
  readyWithinMs?: number
}

const running = new Set<ChildProcess>()

/** Stops all programs that were started. Requests to them that are under way fail. */
export async function stopAllChildren(): Promise<void> {
  await Promise.all([...running].map(stop))
}

/**
 * Starts a program and waits until it is ready. Its output goes to the standard error of this process. It runs until
 * `stopAllChildren`, even if it does not become ready.
 *
 * @returns the process id
 */
export async function startChild(options: ChildOptions): Promise<number> {
  const {
    name,
    program,
    args = [],
    options: nodeOptions = [],
    env,
    readyUrl,
    readyWithinMs = 60_000,
  } = options
  const [command, ...start] = /\.[jt]s$/.test(program)
    ? [process.execPath, ...nodeOptions, program]
    : [program]
  const child = spawn(command ?? '', [...start, ...args], {
    // The users of a benchmark write faster than people, so the limits on writes are off.
    env: {
      WRITE_LIMIT_SCALE: '0',
      GATEWAY_COST_PER_MINUTE: '0',
      BLOG_PAGES_PER_MINUTE: '0',
      ...process.env,
      ...env,
    },
    stdio: ['ignore', process.stderr, process.stderr],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  const deadline = Date.now() + readyWithinMs
  while (!(await answers(readyUrl))) {
    const reason =
      child.exitCode !== null || child.signalCode !== null ? 'ended' : Date.now() > deadline && 'is not ready'
    if (reason) throw new Error(`${name} ${reason}`)
    await sleep(50)
  }
  return child.pid ?? 0
}

async function answers(url: string): Promise<boolean> {
  try {
    // GraphQL servers require this header of GET requests, as a protection against cross-site requests.
    const response = await fetch(url, { headers: { 'apollo-require-preflight': 'true' } })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const impatience = setTimeout(() => child.kill('SIGKILL'), 12_000)
  await ended
  clearTimeout(impatience)
}
