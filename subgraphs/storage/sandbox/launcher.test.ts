import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { jest } from '@jest/globals'
import { eventually } from '../../../testing/eventually.ts'
import { childrenOf, parentOf } from '../../../testing/product/processes.ts'
import { processesNaming } from '../../../testing/storage/processes-naming.ts'
import { launch } from './launcher.ts'
import type { Order } from './launcher-messages.ts'

let cwd: string

beforeAll(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'moblog-launcher-'))
})

afterAll(() => rm(cwd, { recursive: true, force: true }))

const limits = { wallClockMs: 60_000, cpuSeconds: 20, memoryBytes: 1024 ** 3, writtenBytes: 1024 ** 2 }
const shell = (script: string, further: Partial<Order> = {}): Order => ({
  argv: ['/bin/sh', '-c', script, cwd],
  cwd,
  passedFiles: [],
  limits,
  niceness: 0,
  threads: null,
  ...further,
})

/** Starts a command that runs until it is stopped, and returns when it runs. */
async function startEndless(signal?: AbortSignal) {
  const running = launch(shell('while :; do sleep 1; done'), { signal })
  running.catch(() => {})
  await eventually(async () => (await processesNaming(cwd)).length > 0)
  const parents = (await processesNaming(cwd)).map(({ pid }) => parentOf(pid))
  const children = childrenOf(process.pid)
  return { running, launcher: parents.find((pid) => children.includes(pid)) ?? 0 }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const nothingRuns = () =>
  eventually(
    () => processesNaming(cwd),
    (left) => left.length === 0,
  )

it('returns the exit code and both outputs', async () => {
  const finished = await launch(shell('echo one; echo two >&2; exit 7'), {})
  expect(finished).toMatchObject({
    code: 7,
    stdout: 'one\n',
    stderr: 'two\n',
    times: expect.stringMatching(/0m/),
  })
  expect(finished.early).toEqual({ hasTimedOut: false, isStopped: false, exceeded: null })
})

it('passes files on', async () => {
  const file = fileURLToPath(import.meta.url)
  const { stdout } = await launch(shell('cat <&4', { passedFiles: [file] }), {})
  expect(stdout).toBe(await readFile(file, 'utf8'))
})

it('rejects what cannot be started, and goes on with other commands', async () => {
  const other = launch(shell('sleep 1; echo done'), {})
  await expect(launch(shell('', { cwd: path.join(cwd, 'missing') }), {})).rejects.toThrow('ENOENT')
  await expect(launch(shell('', { passedFiles: [path.join(cwd, 'missing')] }), {})).rejects.toThrow('ENOENT')
  expect((await other).stdout).toBe('done\n')
})

it('gives all of a long output in its order, also to a receiver that is slow', async () => {
  const parts: string[] = []
  const lines = 100_000
  const onOutput = (part: string) => {
    parts.push(part)
    // The service answers a request that takes long.
    if (parts.length % 5 === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
  }
  const { code, stdout } = await launch(shell(`seq ${lines}`), { onOutput })
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
  expect(parts.join('')).toBe(Array.from({ length: lines }, (_, index) => `${index + 1}\n`).join(''))
})

it('gives a receiver that sleeps when the command ends all of its output', async () => {
  let text = ''
  const onOutput = (part: string) => {
    if (text === '') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_000)
    text += part
  }
  await launch(shell('head -c 300000 /dev/zero | tr "\\0" x'), { onOutput })
  expect(text).toHaveLength(300_000)
})

it('ends a command whose signal is aborted', async () => {
  const stop = new AbortController()
  const { running } = await startEndless(stop.signal)
  stop.abort()
  expect(await running).toMatchObject({ early: { isStopped: true } })
  await nothingRuns()
  expect(await launch(shell('sleep 60'), { signal: stop.signal })).toMatchObject({
    early: { isStopped: true },
  })
})

it('rejects all runs if the launcher is killed, leaves none running, and starts another launcher', async () => {
  const { running, launcher } = await startEndless()
  process.kill(launcher, 'SIGKILL')
  await expect(running).rejects.toThrow('The launcher of media tools ended: SIGKILL')
  await nothingRuns()
  expect((await launch(shell('echo again'), {})).stdout).toBe('again\n')
})

it.each([
  ['does not accept a command', async () => launch(shell('sleep 60'), {}), 31],
  ['does not end a command whose time is over', null, 62 + 30],
])('kills a launcher that hangs and %s, with all that it has started', async (_what, hang, seconds) => {
  jest.useFakeTimers({
    doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'queueMicrotask', 'performance'],
  })
  try {
    const { running, launcher } = await startEndless()
    process.kill(launcher, 'SIGSTOP')
    const hanging = hang?.() ?? running
    hanging.catch(() => {})
    jest.advanceTimersByTime((seconds - 2) * 1_000)
    expect(isRunning(launcher)).toBe(true)
    jest.advanceTimersByTime(2_000)
    await expect(hanging).rejects.toThrow('The launcher of media tools ended: it does not answer')
    await expect(running).rejects.toThrow('it does not answer')
    await eventually(() => !childrenOf(process.pid).includes(launcher))
  } finally {
    jest.useRealTimers()
  }
  await nothingRuns()
  expect((await launch(shell('echo again'), {})).stdout).toBe('again\n')
})

/** Runs a script with `launch` in a process of its own, and returns what it prints. */
async function printed(script: string, maxOpenFiles = 1_000): Promise<string> {
  const start = `
    import { closeSync, openSync } from 'node:fs'
    import { mock } from 'node:test'
    import { childrenOf } from ${JSON.stringify(new URL('../../../testing/product/processes.ts', import.meta.url).href)}
    import { launch } from ${JSON.stringify(new URL('./launcher.ts', import.meta.url).href)}
    const order = ${JSON.stringify(shell('echo done'))}
    ${script}`
  const command = [process.execPath, '--input-type=module', '-e', start]
  const limited = ['-c', `ulimit -n ${maxOpenFiles}; exec "$@"`, 'sh', ...command]
  return (await promisify(execFile)('/bin/sh', limited)).stdout
}

it.each([
  [
    'there is no program',
    `const { execPath } = process
    process.execPath = '/nonexistent'
    const repair = () => { process.execPath = execPath }`,
    'ENOENT',
  ],
  [
    'this process may open no more files',
    `const opened = []
    try { for (;;) opened.push(openSync('/dev/null')) } catch {}
    const repair = () => opened.forEach((file) => closeSync(file))`,
    'EMFILE',
  ],
])(
  'rejects runs if the launcher cannot be started because %s, and starts it later',
  async (_why, fault, code) => {
    const output = await printed(
      `${fault}
    mock.timers.enable({ apis: ['setTimeout'] })
    await launch(order, {}).catch(({ message }) => console.log(message))
    mock.timers.tick(60_000)
    await new Promise(setImmediate)
    repair()
    const { stdout } = await launch(order, {})
    console.log(stdout)`,
      200,
    )
    expect(output).toMatch(new RegExp(`^The launcher of media tools ended: .*${code}\ndone\n`))
  },
)

it('ends a launcher that hangs with this process', async () => {
  const output = await printed(`
    await launch(order, {})
    const [pid] = childrenOf(process.pid)
    process.kill(pid, 'SIGSTOP')
    console.log(pid)
    process.exit()`)
  expect(Number(output)).toBeGreaterThan(1)
  await eventually(() => !isRunning(Number(output)))
})

it('ends the launcher after half a minute without work', async () => {
  const stop = new AbortController()
  const { running, launcher } = await startEndless(stop.signal)
  jest.useFakeTimers({
    doNotFake: ['nextTick', 'setImmediate', 'setInterval', 'queueMicrotask', 'performance'],
  })
  try {
    stop.abort()
    await running
    jest.advanceTimersByTime(29_999)
    await launch(shell('exit'), {})
    jest.advanceTimersByTime(29_999)
    expect(childrenOf(process.pid)).toContain(launcher)
    jest.advanceTimersByTime(1)
  } finally {
    jest.useRealTimers()
  }
  // The next one starts while it ends, and is used from then on.
  await launch(shell('exit'), {})
  await eventually(() => !childrenOf(process.pid).includes(launcher))
  const children = childrenOf(process.pid)
  await launch(shell('exit'), {})
  expect(childrenOf(process.pid)).toEqual(children)
})
