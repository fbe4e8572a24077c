import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { jest } from '@jest/globals'
import pino from 'pino'
import { toolForTests } from '../../../testing/storage/clips.ts'
import { processesNaming } from '../../../testing/storage/processes-naming.ts'
import { type Ended, runLimited } from './limited-process.ts'
import type { Limits } from './limits.ts'
import { openSandbox } from './open-sandbox.ts'
import { SANDBOX_KINDS, type Sandbox, type SandboxKind } from './sandbox.ts'

// These tests start many programs, which is slow on a busy machine.
jest.setTimeout(180_000)

const LIMITS: Limits = {
  wallClockMs: 90_000,
  cpuSeconds: 30,
  memoryBytes: 1024 ** 3,
  addressBytes: 256 * 1024 ** 3,
  writtenBytes: 1024 ** 2,
}

// What only a program in C can try: shared memory by several ways, and many threads.
const PROGRAM = `
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
static void *sleeper(void *unused) { sleep(20); return unused; }
static int use(void *at, size_t size) {
  if (at == MAP_FAILED) return 1;
  memset(at, 1, size);
  sleep(20);
  return 0;
}
int main(int count, char **args) {
  size_t size = (size_t)3 << 29;
  if (!strcmp(args[1], "anonymous"))
    return use(mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0), size);
  if (!strcmp(args[1], "memfd")) {
    int file = memfd_create("x", 0);
    if (file < 0) return 1;
    if (ftruncate(file, 1 << 20)) return 1;
    return use(mmap(0, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), 1 << 20);
  }
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 65536);
  int threads = 0;
  pthread_t thread;
  while (threads < 6000 && !pthread_create(&thread, &small, sleeper, 0)) threads++;
  printf("%d\\n", threads);
  fflush(stdout);
  sleep(5);
  return threads < 6000;
}`

let folder: string
let program: string | null = null
const sandboxes = new Map<SandboxKind, Sandbox>()

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'moblog-limits-'))
  if (existsSync('/usr/bin/cc')) {
    program = path.join(folder, 'attack')
    await writeFile(`${program}.c`, PROGRAM)
    execFileSync('/usr/bin/cc', ['-o', program, `${program}.c`, '-lpthread'])
  }
  const others = ['/usr/bin/setsid', ...(program ? [program] : [])].filter(existsSync)
  const programs = [await toolForTests('ffprobe'), process.execPath, ...others] as [string, ...string[]]
  const log = pino({ level: 'silent' })
  for (const wanted of SANDBOX_KINDS) {
    const search = { wanted, programs, log, folder: path.join(folder, 'sandbox') }
    const sandbox = await openSandbox(search).catch(() => null)
    if (sandbox) sandboxes.set(wanted, sandbox)
  }
})

afterAll(() => rm(folder, { recursive: true, force: true }))

let jobs = 0
async function run(
  kind: SandboxKind,
  [command, ...args]: [string, ...string[]],
  limits: Partial<Limits> = {},
): Promise<Ended & { seconds: number; cwd: string }> {
  const sandbox = sandboxes.get(kind)
  if (!sandbox) throw new Error(`the sandbox ${kind} does not work on this machine`)
  const cwd = path.join(folder, `job-${jobs++}`)
  await mkdir(cwd, { mode: 0o700 })
  const startedAt = performance.now()
  const ended = await runLimited({ sandbox, command, args, cwd, limits: { ...LIMITS, ...limits } })
  return { ...ended, cwd, seconds: (performance.now() - startedAt) / 1000 }
}

const script = (text: string): [string, ...string[]] => [
  process.execPath,
  '-e',
  `const fs = process.getBuiltinModule('fs'); ${text}`,
]

// Asking for the use takes processor time of the kernel, so the program asks seldom.
const BUSY = `const until = process.cpuUsage().user + 1e6;
do for (let i = 0; i < 1e7; i++); while (process.cpuUsage().user < until)`

describe.each(SANDBOX_KINDS)('the sandbox %s', (kind) => {
  // A machine that cannot create this sandbox cannot test it.
  const here = (name: string, test: () => Promise<void>) =>
    it(name, async () => {
      if (sandboxes.has(kind)) await test()
    })

  here('measures the processor time of a command that ends by itself', async () => {
    const { code, usedCpuSeconds } = await run(kind, script(BUSY))
    expect(code).toBe(0)
    expect(usedCpuSeconds).toBeGreaterThan(0.9)
  })

  here('measures the processor time of a command that reaches its time limit', async () => {
    const { cause, usedCpuSeconds } = await run(kind, script('for (;;);'), { wallClockMs: 3_000 })
    expect(cause).toBe('OUT_OF_TIME')
    expect(usedCpuSeconds).toBeGreaterThan(0.5)
  })

  here('kills a command that ignores the warning at its limit of processor time', async () => {
    const ended = await run(
      kind,
      script(`process.on('SIGXCPU', () => {}); setTimeout(() => { for (;;); })`),
      {
        cpuSeconds: 1,
      },
    )
    expect(ended).toMatchObject({ code: 128 + 9, cause: 'OUT_OF_TIME' })
    expect(ended.usedCpuSeconds).toBeLessThan(10)
  })

  here('ends a command that writes many files or one too large', async () => {
    const many = 'for (let i = 0; i < 20000; i++) fs.writeFileSync("f" + i, ""); setInterval(() => {}, 1e3)'
    const large = `for (let i = 0; i < 60; i++) fs.writeFileSync("f" + i, Buffer.alloc(1 << 20, 1)); setInterval(() => {}, 1e3)`
    const deep = `for (let i = 0; i < 2000; i++) { fs.mkdirSync("d"); process.chdir("d") } setInterval(() => {}, 1e3)`
    for (const text of [many, large, deep]) {
      expect(await run(kind, script(text))).toMatchObject({ cause: 'TOO_MUCH_WRITTEN' })
    }
  })

  here('ends when the command does, although a process that it started keeps its output open', async () => {
    const text = `
      const { spawn } = process.getBuiltinModule('child_process')
      try {
        spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e3)', process.cwd()], { detached: true, stdio: 'inherit' }).unref()
      } catch {}
      process.exitCode = 3
      setTimeout(() => process.exit(), 300)`
    const { code, seconds, cwd } = await run(kind, script(text), { wallClockMs: 60_000 })
    expect(code).toBe(3)
    expect(seconds).toBeLessThan(30)
    const left = (await processesNaming(cwd)).map(({ pid }) => pid)
    // Only a user of its own or a process namespace makes it possible to find what left the group.
    if (kind === 'limits' || (kind === 'unprivileged' && !sandboxes.get(kind)?.users)) {
      for (const pid of left) process.kill(pid, 'SIGKILL')
    } else expect(left).toEqual([])
  })

  here('bounds shared memory and threads', async () => {
    if (!program || process.platform !== 'linux') return
    // Only bubblewrap forbids a megabyte of shared memory.
    const ways = ['anonymous', 'threads', ...(kind === 'bubblewrap' ? ['memfd'] : [])]
    for (const way of ways) {
      const { code, cause, stdout } = await run(kind, [program, way])
      if (way === 'threads') expect(Number(stdout || 0)).toBeLessThanOrEqual(6000)
      const isRefused = code !== 0 && cause === 'EXITED'
      const isEnded = cause === 'TOO_MUCH_MEMORY' || cause === 'TOO_MANY_THREADS'
      expect([way, isRefused || isEnded]).toEqual([way, true])
    }
  })
})

describe('bubblewrap', () => {
  it('has no folder in memory that a command can write to, and no sessions', async () => {
    if (!sandboxes.has('bubblewrap')) return
    const tries = ['/dev/x', '/dev/shm/x', '/tmp/x', '/x'].map(
      (file) => `try { fs.writeFileSync('${file}', 'x'); process.exit(1) } catch {}`,
    )
    expect(await run('bubblewrap', script(tries.join('\n')))).toMatchObject({ code: 0 })
    expect(await run('bubblewrap', script(`fs.writeFileSync('/dev/null', 'x')`))).toMatchObject({ code: 0 })
    const { code, stderr } = await run('bubblewrap', ['/usr/bin/setsid', process.execPath, '-v'])
    expect([code, stderr]).toEqual([1, expect.stringContaining('not permitted')])
  })
})

describe('without a sandbox', () => {
  it('ends at the time limit although the command has stopped the shell that would end it', async () => {
    const text = `process.kill(process.ppid, 'SIGSTOP'); setInterval(() => {}, 1e3)`
    const { cause, seconds } = await run('limits', script(text), { wallClockMs: 3_000 })
    expect(cause).toBe('OUT_OF_TIME')
    expect(seconds).toBeLessThan(30)
  })
})

describe('users of jobs', () => {
  it('are not the same for two jobs that run at a time', async () => {
    const users = sandboxes.get('unprivileged')?.users
    if (!users) return
    const folders = ['one', 'other'].map((name) => path.join(folder, name))
    for (const each of folders) await mkdir(each)
    const [one, other] = await Promise.all(folders.map((each) => users.enter(each)))
    expect(one).not.toBe(other)
    expect(await users.enter(folders[0] ?? '')).toBe(one)
    for (const each of [...folders, folders[0] ?? '']) await users.leave(each)
  })
})
