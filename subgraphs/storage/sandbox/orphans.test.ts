import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { jest } from '@jest/globals'
import { eventually } from '../../../testing/eventually.ts'
import { toolForTests } from '../../../testing/storage/clips.ts'
import { processesNaming } from '../../../testing/storage/processes-naming.ts'
import { openTestSandbox } from '../../../testing/storage/sandbox.ts'
import { SANDBOX_KINDS } from './sandbox.ts'

// These tests start many programs, which is slow on a busy machine.
jest.setTimeout(180_000)

const urlOf = (file: string) => new URL(file, import.meta.url).href

// A server that runs a command which never ends. Its arguments: the kind of the sandbox, a folder, a work folder, and ffprobe,
// with which the sandbox is tried.
const SERVER = `
import { openSandbox } from '${urlOf('./open-sandbox.ts')}'
import { runLimited } from '${urlOf('./limited-process.ts')}'
import pino from '${import.meta.resolve('pino')}'
const [wanted, folder, cwd, ffprobe] = process.argv.slice(2)
const sandbox = await openSandbox({ wanted, programs: [ffprobe, process.execPath], folder, log: pino({ level: 'silent' }) })
const limits = { wallClockMs: 100_000, cpuSeconds: 100, memoryBytes: 1024 ** 3, addressBytes: 256 * 1024 ** 3, writtenBytes: 1024 ** 2 }
await runLimited({ sandbox, command: process.execPath, args: ['-e', 'for (;;);', cwd], cwd, limits })
`

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'moblog-orphans-'))
  await writeFile(path.join(folder, 'server.mjs'), SERVER)
})

afterAll(() => rm(folder, { recursive: true, force: true }))

it.each(SANDBOX_KINDS)('no command in the sandbox %s outlives a service that is killed', async (kind) => {
  // A machine that cannot create this sandbox cannot test it.
  const isHere = await openTestSandbox(folder, kind).catch(() => null)
  if (!isHere) return
  const cwd = path.join(folder, `job-${kind}`)
  await mkdir(cwd, { mode: 0o700 })
  const args = [
    path.join(folder, 'server.mjs'),
    kind,
    path.join(folder, 'sandbox'),
    cwd,
    await toolForTests('ffprobe'),
  ]
  const server = spawn(process.execPath, args, { stdio: 'ignore' })
  const started = async () => (await processesNaming(cwd)).filter(({ pid }) => pid !== server.pid)
  const hasBegun = async () => (await started()).some(({ program }) => program === process.execPath)
  await eventually(hasBegun, 60_000)
  server.kill('SIGKILL')
  expect(await eventually(started, (left) => left.length === 0, 20_000)).toEqual([])
})
