import { tmpdir } from 'node:os'
import { inTime } from '../../../platform/subgraph/in-time.ts'
import { runLimited } from './limited-process.ts'

// The limit for a recording of 29 hours: more than 2^31 ms.
const MONTH_MS = 30 * 24 * 3600 * 1000
const limits = { wallClockMs: MONTH_MS, cpuSeconds: 10, memoryBytes: 1024 ** 3, writtenBytes: 0 }

describe('a time limit of more than 24.8 days', () => {
  it('does not end a process at once', async () => {
    const ended = await runLimited({ command: 'sleep', args: ['0.2'], cwd: tmpdir(), limits })
    expect(ended).toMatchObject({ code: 0, timedOut: false })
  })

  it('does not refuse at once to wait for a service', async () => {
    const answer = new Promise((resolve) => setTimeout(() => resolve('answer'), 50))
    expect(await inTime(answer, MONTH_MS)).toBe('answer')
  })
})
