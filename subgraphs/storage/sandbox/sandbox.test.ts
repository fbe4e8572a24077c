import { spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { jest } from '@jest/globals'
import pino from 'pino'
import { childrenOf } from '../../../testing/product/processes.ts'
import { openTestSandbox } from '../../../testing/storage/sandbox.ts'
import { runLimited } from './limited-process.ts'
import type { Limits } from './limits.ts'
import type { Sandbox, SandboxKind } from './sandbox.ts'
import { seccompFilter } from './seccomp-filter.ts'

const LIMITS: Limits = {
  wallClockMs: 20_000,
  cpuSeconds: 10,
  memoryBytes: 1024 ** 3,
  addressBytes: 256 * 1024 ** 3,
  writtenBytes: 1024 ** 2,
}

// What an attacker would try from inside a decoder. Each attempt records what it got, or why it failed.
const ATTEMPTS = `
const { readFileSync, readdirSync, writeFileSync } = require('fs')
const { connect } = require('net')
const [input, secret, elsewhere, port, pid] = process.argv.slice(1)
const got = {}
const attempt = (name, work) => { try { got[name] = work() } catch (error) { got[name] = 'failed: ' + (error.code ?? error.message) } }
attempt('input', () => readFileSync(input, 'utf8'))
attempt('own', () => { writeFileSync('own', 'x'); return 'written' })
attempt('secret', () => readFileSync(secret, 'utf8'))
attempt('overwrite', () => { writeFileSync(input, 'x'); return 'written' })
attempt('elsewhere', () => { writeFileSync(elsewhere, 'x'); return 'written' })
attempt('signal', () => { process.kill(Number(pid), 0); return 'sent' })
attempt('processes', () => readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).length)
attempt('memory', () => { return Buffer.alloc(2 * 1024 ** 3).length })
const socket = connect(Number(port), '127.0.0.1')
const report = () => { console.log(JSON.stringify(got)); process.exit(0) }
socket.on('connect', () => { got.network = 'connected'; report() })
socket.on('error', (error) => { got.network = 'failed: ' + error.code; report() })`

// These tests start many programs, which is slow on a busy machine.
jest.setTimeout(180_000)

let folder: string
let secret: string
let input: string
let server: ReturnType<typeof createServer>
let victim: ReturnType<typeof spawn>

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'moblog-sandbox-'))
  await mkdir(path.join(folder, 'keys'), { mode: 0o700 })
  secret = path.join(folder, 'keys', 'gateway.json')
  await writeFile(secret, 'a private key', { mode: 0o600 })
  input = path.join(folder, 'input')
  await writeFile(input, 'from outside')
  server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  victim = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
})

afterAll(async () => {
  victim.kill('SIGKILL')
  server.close()
  await rm(folder, { recursive: true, force: true })
})

let jobs = 0
async function ownFolder(): Promise<string> {
  const cwd = path.join(folder, `job-${jobs++}`)
  await mkdir(cwd, { mode: 0o700 })
  return cwd
}

async function attack(sandbox: Sandbox): Promise<Record<string, string | number>> {
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('the test server has no port')
  const args = [input, secret, path.join(folder, 'elsewhere'), `${address.port}`, `${victim.pid}`]
  const ended = await runLimited({
    sandbox,
    command: process.execPath,
    args: ['-e', ATTEMPTS, ...args],
    cwd: await ownFolder(),
    input,
    limits: LIMITS,
  })
  if (ended.code !== 0) throw new Error(`${ended.code}: ${ended.stderr}`)
  return JSON.parse(ended.stdout)
}

const failed = expect.stringMatching(/^failed: /)
const ALLOWED = { input: 'from outside', own: 'written', memory: failed }

async function available(kind: SandboxKind): Promise<Sandbox | null> {
  return openTestSandbox(folder, kind).catch(() => null)
}

test('the strongest sandbox on this machine blocks files, processes, signals and the network', async () => {
  const sandbox = await openTestSandbox(folder)
  const got = await attack(sandbox)
  expect(got).toMatchObject(ALLOWED)
  if (sandbox.kind === 'bubblewrap' || sandbox.kind === 'namespaces') {
    expect(got).toMatchObject({
      secret: failed,
      overwrite: failed,
      elsewhere: failed,
      signal: failed,
      processes: failed,
      network: failed,
    })
  }
  expect(await readFile(input, 'utf8')).toBe('from outside')
  expect(await readdir(folder)).not.toContain('elsewhere')
})

test('namespaces without bubblewrap block the same, if the machine can create them', async () => {
  const sandbox = await available('namespaces')
  if (!sandbox) {
    expect((await openTestSandbox(folder)).kind).not.toBe('namespaces')
    return
  }
  const got = await attack(sandbox)
  expect(got).toMatchObject({ ...ALLOWED, secret: failed, overwrite: failed, elsewhere: failed })
  expect(got).toMatchObject({ signal: failed, network: failed })
  // The process sees only the empty folder that /proc was mounted on.
  expect(got.processes).toBe(0)
})

test('without namespaces, a root service runs tools as the user nobody, which cannot read keys, write elsewhere or send signals', async () => {
  const sandbox = await available('unprivileged')
  if (!sandbox || sandbox.users === null) {
    // Only root can switch to another user.
    expect(process.platform === 'linux' && process.getuid?.() === 0).toBe(false)
    return
  }
  // Other users cannot open the service's folders.
  await chmod(folder, 0o700)
  const got = await attack(sandbox)
  expect(got).toMatchObject({
    ...ALLOWED,
    secret: failed,
    overwrite: failed,
    elsewhere: failed,
    signal: failed,
  })
})

test('the limits alone still bound memory', async () => {
  expect(await attack(await openTestSandbox(folder, 'limits'))).toMatchObject(ALLOWED)
})

test('opening a sandbox logs its kind once, as a warning if it is not a full one', async () => {
  const lines: { level: number; sandbox: string; msg: string }[] = []
  const log = pino({ level: 'info' }, { write: (line) => void lines.push(JSON.parse(line)) })
  await openTestSandbox(folder, 'auto', log)
  await openTestSandbox(folder, 'limits', log)
  expect(lines).toHaveLength(2)
  expect(lines[1]).toMatchObject({ level: 40, sandbox: 'limits', msg: expect.stringContaining('bubblewrap') })
})

test.each(['auto', 'limits'] as const)(
  'a command whose shell is killed ends too and has the cause KILLED: %s',
  async (wanted) => {
    const cwd = await ownFolder()
    const running = runLimited({
      sandbox: await openTestSandbox(folder, wanted),
      command: process.execPath,
      args: ['-e', `require('fs').writeFileSync('started', ''); setInterval(() => {}, 1000)`, cwd],
      cwd,
      limits: LIMITS,
    })
    while (!(await readdir(cwd)).includes('started')) await new Promise((resolve) => setTimeout(resolve, 20))
    for (const pid of await launchedShells()) process.kill(pid, 'SIGKILL')
    expect(await running).toMatchObject({ code: null, cause: 'KILLED' })
    while ((await processesOn(cwd)).length > 0) await new Promise((resolve) => setTimeout(resolve, 20))
  },
)

test.each(['auto', 'limits'] as const)(
  'a command that uses up its processor time has the cause OUT_OF_TIME: %s',
  async (wanted) => {
    const ended = await runLimited({
      sandbox: await openTestSandbox(folder, wanted),
      command: process.execPath,
      args: ['-e', 'for (;;);'],
      cwd: await ownFolder(),
      limits: { ...LIMITS, cpuSeconds: 2 },
    })
    expect(ended.cause).toBe('OUT_OF_TIME')
  },
)

test('a seccomp filter exists for x64 and arm64 only', () => {
  expect(seccompFilter('x64')?.length).toBeGreaterThan(400)
  expect(seccompFilter('arm64')?.length).toBeGreaterThan(400)
  expect(seccompFilter('mips')).toBeNull()
})

/** Lists the shells that the launcher has started. */
async function launchedShells(): Promise<number[]> {
  const shells: number[] = []
  for (const pid of childrenOf(process.pid).flatMap(childrenOf)) {
    if ((await readFile(`/proc/${pid}/comm`, 'utf8')) === 'sh\n') shells.push(pid)
  }
  return shells
}

/** Lists the command lines of the processes that name a folder in their arguments. */
async function processesOn(cwd: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return lines.filter((line) => line.includes(cwd))
}
