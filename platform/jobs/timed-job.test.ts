import { createLog } from '../log.ts'
import { startJobs } from './jobs.ts'
import { timedJob } from './timed-job.ts'

type Item = { id: string; at: Date; isStuck?: boolean }

/** Runs the job on items until they are done, and returns how late each was done, in milliseconds. */
async function lateness(items: Item[], count: number): Promise<Map<string, number>> {
  const late = new Map<string, number>()
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
  while (late.size < count) await new Promise((resolve) => setTimeout(resolve, 5))
  await jobs.stop()
  return late
}

const inMs = (ms: number) => new Date(Date.now() + ms)

it('does work when it is due, and not before', async () => {
  const items = [-1_000, 20, 350, 700, 1_600, 1_610, 1_620, 1_630].map((ms) => ({
    id: `${ms}`,
    at: inMs(ms),
  }))
  for (const [id, ms] of await lateness(items, items.length)) {
    if (id === '-1000') continue
    expect({ id, isEarly: ms < -2, isLate: ms > 300 }).toEqual({ id, isEarly: false, isLate: false })
  }
})

it('does the rest if some work fails', async () => {
  const late = await lateness(
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
