import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { jest } from '@jest/globals'
import { ISSUERS } from '../hosting/services.ts'
import { eventually } from '../testing/eventually.ts'
import { freePorts } from '../testing/free-ports.ts'
import { processesOf } from '../testing/product/processes.ts'

// npm, a shell, Node and PostgreSQL are started several times.
jest.setTimeout(120_000)

const root = fileURLToPath(new URL('../', import.meta.url))

describe('npm start', () => {
  let dataDir: string
  let port: number
  let npm: ChildProcess
  beforeAll(async () => {
    dataDir = await mkdtemp(path.join(os.tmpdir(), 'moblog-npm-'))
    ;[port = 0] = await freePorts(1)
  })
  afterAll(() => rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }))
  afterEach(() => {
    npm.kill('SIGKILL')
  })

  const start = async () => {
    // In a separate process group, like a job that a shell starts.
    npm = spawn('npm', ['start'], {
      cwd: root,
      detached: true,
      stdio: 'ignore',
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        MOBLOG_DATA_DIR: dataDir,
        PORT: `${port}`,
        PGSSLMODE: 'require',
        PGHOST: 'nowhere.example',
      },
    })
    const isReady = () =>
      fetch(`http://localhost:${port}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      )
    await eventually(isReady, (ready) => ready, 60_000)
    expect(processesOf(dataDir).length).toBeGreaterThan(2)
  }
  const expectGone = async () => {
    await eventually(
      () => processesOf(dataDir),
      (left) => left.length === 0,
      20_000,
    )
    await expect(fetch(`http://localhost:${port}/livez`)).rejects.toThrow()
  }
  const group = (signal: NodeJS.Signals) => process.kill(-(npm.pid ?? 0), signal)

  it.each<[string, () => void]>([
    ['kill of npm', () => npm.kill('SIGTERM')],
    ["the terminal's Ctrl-C, which npm passes on as well", () => group('SIGINT')],
    ['closing of the terminal', () => group('SIGHUP')],
    ['kill -9 of npm', () => npm.kill('SIGKILL')],
  ])('stops all processes and frees the port on %s', async (_what, stop) => {
    await start()
    stop()
    await expectGone()
  })
})

describe('every program', () => {
  const ENTRIES: [string, string][] = [
    ['main.js', 'npm start'],
    ...ISSUERS.map((name): [string, string] => [`hosting/main.js ${name}`, `npm run start:${name}`]),
    ['hosting/main.js storage-worker', 'npm run start:storage-worker'],
    ['hosting/main.js storage-sweep', 'npm run storage:sweep'],
    ['hosting/main.js storage-fsck', 'npm run storage:fsck'],
    ['hosting/main.js rotate-keys', 'npm run rotate-keys'],
    ['scripts/demo.js', 'npm run demo'],
  ]
  const node = (...args: string[]) => spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })

  // All programs read their options in the same way, so a few of them are enough.
  const SOME = process.env.MOBLOG_TEST_BIG
    ? ENTRIES
    : ENTRIES.filter(([, usage]) => /start$|fsck|demo/.test(usage))

  it.each(SOME)('%s prints its usage with --help, and refuses unknown options', (entry, usage) => {
    const help = node(...entry.split(' '), '--help')
    expect({ status: help.status, stderr: help.stderr }).toEqual({ status: 0, stderr: '' })
    expect(help.stdout).toContain(`Usage: ${usage}`)
    const refused = node(...entry.split(' '), '--dryrun')
    expect(refused.status).toBe(2)
    expect(refused.stderr).toContain("Unknown option '--dryrun'")
    expect(refused.stderr).toContain(`Usage: ${usage}`)
  })

  it.each(ENTRIES)('%s, also as .ts, names the required Node version if Node is older', (entry) => {
    for (const file of [entry, entry.replace('.js', '.ts')]) {
      // With this option, Node refuses TypeScript, as Node 20 does.
      const { status, stderr } = node('--no-experimental-strip-types', ...file.split(' '))
      expect({ file, status }).toEqual({ file, status: 1 })
      expect(stderr).toMatch(/^Moblog needs Node 24 .*\nRun it through npm/)
    }
  })

  it('shows settings with defaults and descriptions, and the version', () => {
    const { stdout } = node('main.js', '--help')
    expect(stdout).toMatch(/\n {2}PORT \(default: 4000\)\n {6}The TCP port/)
    expect(stdout).toContain('STORAGE_QUARANTINE_DAYS (default: 30)')
    expect(node('main.js', '--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it('warns of settings that look misspelled', () => {
    const env = { ...process.env, PUBLC_URL: 'https://x', PORT: 'none' }
    const { stderr } = spawnSync(process.execPath, ['main.js'], { cwd: root, encoding: 'utf8', env })
    expect(stderr).toContain('PUBLC_URL is not a setting, and is ignored. Did you mean PUBLIC_URL?')
  })
})
