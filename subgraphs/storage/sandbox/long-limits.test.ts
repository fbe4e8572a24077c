import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inTime } from '../../../platform/subgraph/in-time.ts'
import { toolForTests } from '../../../testing/storage/clips.ts'
import { openTestSandbox } from '../../../testing/storage/sandbox.ts'
import { runLimited } from './limited-process.ts'

// The limit for a recording of 29 hours, more than 2^31 ms.
const MONTH_MS = 30 * 24 * 3600 * 1000
const limits = { wallClockMs: MONTH_MS, cpuSeconds: 10, memoryBytes: 1024 ** 3, writtenBytes: 0 }

describe('a time limit of more than 24.8 days', () => {
  it('does not end a process immediately', async () => {
    const cwd = await mkdtemp(path.join(tmpdir(), 'moblog-limits-'))
    const sandbox = await openTestSandbox(cwd)
    const command = await toolForTests('ffprobe')
    const ended = await runLimited({ sandbox, command, args: ['-version'], cwd, limits })
    await rm(cwd, { recursive: true, force: true })
    expect(ended).toMatchObject({ code: 0 })
  })

  it('does not time out a call to another service immediately', async () => {
    const answer = new Promise((resolve) => setTimeout(() => resolve('answer'), 50))
    expect(await inTime(answer, MONTH_MS)).toBe('answer')
  })
})
