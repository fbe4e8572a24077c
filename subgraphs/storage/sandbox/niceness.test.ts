import { existsSync } from 'node:fs'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { runLimited } from './limited-process.ts'
import { shortNiceness } from './niceness.ts'
import { LIMITS_ONLY } from './sandbox.ts'

const limits = { wallClockMs: 20_000, cpuSeconds: 10, memoryBytes: 1024 ** 3, writtenBytes: 0 }
// Only Linux divides the processor between sessions.
const onLinux = existsSync('/proc/self/autogroup') ? it : it.skip

const NICE = { sandbox: LIMITS_ONLY, command: '/bin/sh', args: ['-c', 'nice'], limits }

let cwd: string

beforeAll(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'moblog-niceness-'))
})

afterAll(() => rm(cwd, { recursive: true, force: true }))

/** Runs a shell command and returns its output. */
async function output(command: string, niceness?: number) {
  const args = ['-c', command]
  const run = { sandbox: LIMITS_ONLY, command: '/bin/sh', args, cwd, limits }
  const { stdout } = await runLimited(niceness === undefined ? run : { ...run, niceness })
  return stdout.trim()
}

describe('a sandboxed command', () => {
  it('has the priority of short work unless the caller sets a lower one', async () => {
    expect(await output('nice')).toBe('2')
    expect(await output('nice', 19)).toBe('19')
  })

  it('has the lowest priority in the background, and does not count as use of its owner', async () => {
    const background = { ...NICE, sandbox: { ...LIMITS_ONLY, isBackground: true }, cwd, owner: 'eve' }
    const { stdout } = await runLimited({ ...background, niceness: 2 })
    expect(stdout.trim()).toBe('19')
    const busy = '(ulimit -t 6; while :; do :; done); exit 0'
    await runLimited({ ...background, args: ['-c', busy] })
    expect((await runLimited({ ...NICE, cwd, owner: 'eve' })).stdout.trim()).toBe('2')
  })

  it('has a lower priority than commands on smaller files', async () => {
    const input = path.join(cwd, 'large')
    const sizes = [1_000, 3_000_000, 30_000_000, 4_000_000_000]
    const lowered: string[] = []
    for (const size of sizes) {
      await writeFile(input, '')
      await truncate(input, size)
      const { stdout } = await runLimited({ ...NICE, cwd, input })
      lowered.push(stdout.trim())
    }
    expect(lowered).toEqual(['2', '6', '10', '10'])
  })

  it('has a lower priority for a small file with many pixels', () => {
    const flat = shortNiceness({ bytes: 36, pixels: 48e6 })
    const photo = shortNiceness({ bytes: 300_000, pixels: 0.8e6 })
    expect([photo, flat]).toEqual([2, 9])
  })

  it('gives way to the work of others if its owner used much processor time, but not to films', async () => {
    const busy = '(ulimit -t 6; while :; do :; done); exit 0'
    const run = { ...NICE, cwd, owner: 'ann' }
    await runLimited({ ...run, args: ['-c', busy] })
    // How much more depends on how long ago the use was, and a busy machine takes long for it.
    const { stdout } = await runLimited(run)
    expect(Number(stdout)).toBeGreaterThan(2)
    const limited = await runLimited({ ...run, mostNiceness: 2 })
    expect(limited.stdout.trim()).toBe('2')
  })

  onLinux(
    'lowers the priority of its whole session, which Linux compares with other sessions first',
    async () => {
      // Linux may delay the change.
      const lowered = (niceness: number) =>
        output(`until grep "nice ${niceness}$" /proc/self/autogroup; do sleep 0.1; done`, niceness)
      const groups = await Promise.all([19, 12].map(lowered))
      expect(groups).toEqual([expect.stringMatching(/nice 19$/), expect.stringMatching(/nice 12$/)])
      const group = (text: string | undefined) => text?.split(' ')[0]
      expect(group(groups[0])).not.toBe(group(groups[1]))
    },
  )
})
