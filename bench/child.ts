import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

/** What is started, and how it is known to be ready. */
export type ChildOptions = {
  /** For people, when it does not start. */
  name: string
  /** The file that is run: a program, or a script for Node. */
  program: string
  args?: readonly string[]
  /** Options of Node. */
  options?: readonly string[]
  env: Record<string, string>
  /** An address that answers 200 once the program can do its work. */
  readyUrl: string
  readyWithinMs?: number
}

const running = new Set<ChildProcess>()

/** Stops all that was started; whoever waits for an answer of it fails. */
export async function stopAllChildren(): Promise<void> {
  await Promise.all([...running].map(stop))
}

/**
 * Starts a Node program and waits until it is ready. Its output goes to this one's standard error. It runs until
 * `stopAllChildren`, also where it does not get ready.
 *
 * @returns its process id
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
    // A benchmark's people write faster than people do.
    env: { WRITE_LIMIT_SCALE: '0', GATEWAY_COST_PER_MINUTE: '0', ...process.env, ...env },
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
    // The header is what a GraphQL server demands of a GET, against foreign pages that send one.
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
