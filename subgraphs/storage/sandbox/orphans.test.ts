import { execFile, spawn, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
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

it('leaves no ended process behind when the service is the first process of a container', async () => {
  const script = `
    import { readdirSync, readFileSync } from 'node:fs'
    import { launch } from '${urlOf('./launcher.ts')}'
    const limits = { wallClockMs: 60_000, cpuSeconds: 20, memoryBytes: 1024 ** 3, writtenBytes: 1024 ** 2 }
    const order = { argv: ['/bin/true'], cwd: '/', passedFiles: [], limits, niceness: 0, threads: null }
    for (let run = 0; run < 3; run++) await launch(order, {})
    const pids = readdirSync('/proc').filter((name) => Number(name) > 0)
    const states = pids.map((pid) => readFileSync('/proc/' + pid + '/stat', 'utf8').split(') ').at(-1)[0])
    console.log(JSON.stringify({ pid: process.pid, ended: states.filter((state) => state === 'Z').length }))
    process.exit()`
  const asRoot = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
  const command = [process.execPath, '--input-type=module', '-e', script]
  const namespaces = [...asRoot, '--pid', '--fork', '--mount-proc']
  // A machine without such namespaces cannot test it.
  if (spawnSync('unshare', [...namespaces, 'true']).status !== 0) return
  const { stdout } = await promisify(execFile)('unshare', [...namespaces, ...command])
  expect(JSON.parse(stdout)).toEqual({ pid: 1, ended: 0 })
})
