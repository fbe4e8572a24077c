import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** How a program ended. */
export type Ending = { code: number | null; signal: NodeJS.Signals | null; afterMs: number }

/** A running program. */
export type Program = {
  pid: number
  /** Returns its output so far, standard output and standard error together. */
  output(): string
  /** Resolves when the program has ended, for any reason. */
  ended: Promise<Ending>
  /** Whether it ended although the test sent no signal. */
  hasCrashed(): boolean
  /** Sends a signal and waits for the end; `afterMs` is counted from the signal. */
  end(signal: NodeJS.Signals): Promise<Ending>
  /** Sends a signal that does not end the program, such as SIGSTOP. */
  signal(signal: NodeJS.Signals): void
}

const root = fileURLToPath(new URL('../', import.meta.url))

// Settings of a developer's own product must not reach the product under test.
const KEPT = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'USER', 'FFMPEG_PATH', 'FFPROBE_PATH']

/**
 * Starts one of the product's programs as a user would, with this Node.
 *
 * @param script the path from the project's root, for example `main.ts`
 * @param env all settings of the program
 */
export function startProgram(
  script: string,
  env: Record<string, string>,
  args: readonly string[] = [],
): Program {
  const inherited = KEPT.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value]]
  })
  const child = spawn(process.execPath, [script, ...args], {
    cwd: root,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return followed(child)
}

function followed(child: ChildProcess): Program {
  let output = ''
  const keep = (chunk: Buffer) => {
    output = `${output}${chunk}`.slice(-1_000_000)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  const startedAt = performance.now()
  const ended = new Promise<Ending>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, afterMs: performance.now() - startedAt }))
  })
  let wasSignalled = false
  let hasCrashed = false
  ended.then(
    () => {
      hasCrashed = !wasSignalled
    },
    () => {},
  )
  const signal = (name: NodeJS.Signals) => {
    wasSignalled = true
    child.kill(name)
  }
  return {
    pid: child.pid ?? 0,
    output: () => output,
    ended,
    hasCrashed: () => hasCrashed,
    signal,
    async end(name) {
      const signalledAt = performance.now()
      signal(name)
      return { ...(await ended), afterMs: performance.now() - signalledAt }
    },
  }
}
