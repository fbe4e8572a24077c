import { createLog } from '../log.ts'
import { startJobs } from './jobs.ts'
import { timedJob } from './timed-job.ts'

type Item = { id: string; at: Date; isStuck?: boolean }

/**
 * Runs the job on items until they are done, and returns how late each was done, and the longest time in which the machine
 * let nothing run, in milliseconds.
 */
async function lateness(
  items: Item[],
  count: number,
): Promise<{ late: Map<string, number>; stalledMs: number }> {
  const late = new Map<string, number>()
  let stalledMs = 0
  const job = timedJob<Item>(
    {
      name: 'test',
      clock: () => new Date(),
      findDue: async (at) => items.filter((item) => item.at <= at && !late.has(item.id)).slice(0, 3),
      async work({ id, at, isStuck }) {
        if (isStuck) throw new Error('stuck')
        late.set(id, Date.now() - at.getTime())
      },
    },
    200,
  )
  const jobs = startJobs([job], createLog('test', 'silent'))
  while (late.size < count) {
    const before = Date.now()
    await new Promise((resolve) => setTimeout(resolve, 5))
    stalledMs = Math.max(stalledMs, Date.now() - before)
  }
  await jobs.stop()
  return { late, stalledMs }
}

const inMs = (ms: number) => new Date(Date.now() + ms)

it('does work when it is due, and not before', async () => {
  const items = [-1_000, 20, 350, 700, 1_600, 1_610, 1_620, 1_630].map((ms) => ({
    id: `${ms}`,
    at: inMs(ms),
  }))
  const { late, stalledMs } = await lateness(items, items.length)
  for (const [id, ms] of late) {
    if (id === '-1000') continue
    expect({ id, isEarly: ms < -2, isLate: ms > 300 + 2 * stalledMs }).toEqual({
      id,
      isEarly: false,
      isLate: false,
    })
  }
})

it('does the rest if some work fails', async () => {
  const { late } = await lateness(
    [
      { id: 'stuck', at: inMs(0), isStuck: true },
      { id: 'fine', at: inMs(1) },
    ],
    1,
  )
  expect([...late.keys()]).toEqual(['fine'])
})

it('stops at once while it waits for work', async () => {
  let isDone = false
  const job = timedJob({
    name: 'test',
    clock: () => new Date(),
    findDue: async () => (isDone ? [] : [{ at: inMs(1_400) }]),
    async work() {
      isDone = true
    },
  })
  const jobs = startJobs([job], createLog('test', 'silent'))
  await new Promise((resolve) => setTimeout(resolve, 20))
  const before = Date.now()
  await jobs.stop()
  expect({ isDone, isQuick: Date.now() - before < 500 }).toEqual({ isDone: false, isQuick: true })
})
