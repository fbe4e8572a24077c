import type { ChildProcess } from 'node:child_process'
import { type FileHandle, open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { Finished, Order } from './launcher-messages.ts'
import { startLimited } from './limited-shell.ts'
import { type Supervision, supervise } from './supervise.ts'

/** What happens to a command while it runs. */
export type Course = {
  /** Receives the output, which is then not kept. The next part is read when the promise resolves. */
  onOutput?: ((part: string) => Promise<void>) | undefined
  /** Ends the command early. */
  signal?: AbortSignal | undefined
}

const KEPT_CHARACTERS = 1024 * 1024
const OUTPUT_GRACE_MS = 1000
const LOOK_MS = 100

/**
 * Runs an ordered command until it has ended.
 *
 * @throws Error if it cannot be started
 */
export async function carryOut(order: Order, course: Course): Promise<Finished> {
  const passed: FileHandle[] = []
  try {
    for (const file of order.passedFiles) passed.push(await open(file, 'r'))
    const child = startLimited({ ...order, passedFds: passed.map(({ fd }) => fd) })
    return await readEnd(child, order, course)
  } finally {
    for (const handle of passed) await handle.close()
  }
}

/** Supervises a running command until it has ended, and reads its output. */
async function readEnd(child: ChildProcess, { cwd, limits }: Order, course: Course): Promise<Finished> {
  const stdout = course.onOutput ? passOn(child.stdout, course.onOutput) : keep(child.stdout)
  const stderr = keep(child.stderr)
  const times = keep(child.stdio[3] as Readable | null)
  child.stdin?.on('error', () => {})
  const supervision = supervise(child, { cwd, limits, signal: course.signal })
  const code = await exitCodeOf(child, supervision, stdout.waitedMs).finally(() => {
    supervision.release()
    for (const stream of child.stdio) stream?.destroy()
  })
  return {
    code,
    early: { ...supervision.early },
    cpuSeconds: supervision.cpuSeconds(),
    stdout: stdout.text(),
    stderr: stderr.text(),
    times: times.text(),
  }
}

/** Waits until the command has exited and its output is read; null if a signal ended the command's shell. */
function exitCodeOf(
  child: ChildProcess,
  supervision: Supervision,
  waitedMs: () => number,
): Promise<number | null> {
  let grace: NodeJS.Timeout
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
    child.once('exit', (code) => {
      // If only the shell was killed, the command still runs. What it started may run on in any case.
      supervision.killRemains()
      // A process that left the group may keep the output open forever. The time in which the receiver is busy does not count.
      const idleSince = performance.now() - waitedMs()
      grace = setInterval(() => {
        if (performance.now() - waitedMs() - idleSince >= OUTPUT_GRACE_MS) resolve(code)
      }, LOOK_MS)
    })
  })
  return exited.finally(() => clearInterval(grace))
}

type Output = {
  /** What is kept of it. */
  text(): string
  /** How long its receiver has not taken the next part, in all. */
  waitedMs(): number
}

function keep(stream: Readable | null): Output {
  let text = ''
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    if (text.length < KEPT_CHARACTERS) text += chunk
  })
  return { text: () => text, waitedMs: () => 0 }
}

function passOn(stream: Readable | null, onOutput: (part: string) => Promise<void>): Output {
  let waitedMs = 0
  let waitingSince: number | null = null
  const waited = () => waitedMs + (waitingSince === null ? 0 : performance.now() - waitingSince)
  stream?.setEncoding('utf8').on('data', async (part: string) => {
    waitingSince = performance.now()
    stream.pause()
    await onOutput(part)
    waitedMs = waited()
    waitingSince = null
    stream.resume()
  })
  return { text: () => '', waitedMs: waited }
}
