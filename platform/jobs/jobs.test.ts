import { setTimeout as sleep } from 'node:timers/promises'
import { createLog, type Log } from '../log.ts'
import { createCatchUp } from './catch-up.ts'
import { type RecurringJob, type RunningJobs, startJobs, UNTIL_DONE } from './jobs.ts'

type Entry = {
  level: 'debug' | 'info' | 'warn' | 'error'
  text: string
  job: string
  failures: number
  retryInMs: number
}

let running: RunningJobs | undefined

afterEach(() => running?.stop())

/** Starts one job and records the times of its runs and what is logged. */
function start(job: Partial<RecurringJob> = {}) {
  const starts: number[] = []
  const entries: Entry[] = []
  const recorded = (level: Entry['level']) => (fields: unknown, text?: string) =>
    void entries.push({ ...(fields as Omit<Entry, 'level' | 'text'>), level, text: text ?? '' })
  const log: Log = {
    debug: recorded('debug'),
    info: recorded('info'),
    warn: recorded('warn'),
    error: recorded('error'),
  }
  const { run = async () => {}, ...rest } = job
  const counted = async (signal: AbortSignal) => {
    starts.push(performance.now())
    await run(signal)
  }
  running = startJobs([{ name: 'counting', everyMs: 20, ...rest, run: counted }], log)
  return { starts, entries, stop: running.stop }
}

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 5_000; !condition(); ) {
    if (Date.now() > deadline) throw new Error('the condition did not become true')
    await sleep(2)
  }
}

it('runs a job immediately and then again and again', async () => {
  const { starts } = start()
  expect(starts).toHaveLength(1)
  await until(() => starts.length >= 4)
})

it('never runs a job twice at the same time, even if a run takes longer than the interval', async () => {
  let [atOnce, most, runs] = [0, 0, 0]
  start({
    everyMs: 2,
    async run() {
      most = Math.max(most, ++atOnce)
      await sleep(15)
      atOnce--
      runs++
    },
  })
  await until(() => runs >= 4)
  expect(most).toBe(1)
})

it('does not wait for one job before it runs another', async () => {
  let runs = 0
  const slow = Promise.withResolvers<void>()
  const silent = createLog('test', 'silent')
  running = startJobs(
    [
      { name: 'slow', everyMs: 1_000, run: () => slow.promise },
      { name: 'fast', everyMs: 2, run: async () => void runs++ },
    ],
    silent,
  )
  await until(() => runs >= 3)
  slow.resolve()
})

it('doubles the pauses while a job fails, up to the longest, and returns to the interval afterwards', async () => {
  let isFailing = true
  const { starts, entries } = start({
    everyMs: 5,
    retry: { firstMs: 20, longestMs: 80 },
    async run() {
      if (isFailing) throw new Error('broken')
    },
  })
  await until(() => starts.length >= 5)
  const pauses = starts.slice(1, 5).map((at, index) => at - (starts[index] ?? 0))
  for (const [index, expected] of [20, 40, 80, 80].entries()) {
    expect(pauses[index]).toBeGreaterThan(0.9 * expected - 3)
  }
  for (const [index, expected] of [20, 40, 80, 80].entries()) {
    expect(entries[index]?.retryInMs).toBeGreaterThanOrEqual(Math.floor(0.9 * expected))
    expect(entries[index]?.retryInMs).toBeLessThanOrEqual(Math.ceil(1.1 * expected))
  }
  isFailing = false
  const failed = entries.length
  const before = starts.length
  await until(() => starts.length >= before + 4)
  expect(entries.length - failed).toBeLessThanOrEqual(1)
})

it('retries a job that is rarely due within half a minute', async () => {
  const { entries } = start({ everyMs: 3_600_000, run: () => Promise.reject(new Error('broken')) })
  await until(() => entries.length > 0)
  expect(entries[0]?.retryInMs).toBeLessThanOrEqual(33_000)
})

it('logs each failure with the name of the job, also if it throws before it returns a promise', async () => {
  const { entries } = start({
    run() {
      throw new Error('broken')
    },
  })
  await until(() => entries.length > 0)
  expect(entries[0]).toMatchObject({
    level: 'warn',
    job: 'counting',
    failures: 1,
    text: 'recurring job failed',
  })
})

it('varies the pauses, so that replicas do not run a job at the same moment', async () => {
  const failing = { everyMs: 1_000, run: () => Promise.reject(new Error('broken')) }
  const replicas = Array.from({ length: 10 }, () => start(failing))
  await until(() => replicas.every(({ entries }) => entries.length > 0))
  await Promise.all(replicas.map(({ stop }) => stop()))
  const pauses = replicas.map(({ entries }) => entries[0]?.retryInMs)
  expect(new Set(pauses).size).toBeGreaterThan(1)
})

it('awaits the current run when it is stopped, tells it, and starts no other', async () => {
  const steps: string[] = []
  const { starts, stop } = start({
    everyMs: 1,
    async run(signal) {
      await sleep(30)
      steps.push(signal.aborted ? 'aborted' : 'not aborted')
    },
  })
  const stopped = stop().then(() => steps.push('stopped'))
  await stopped
  await sleep(20)
  expect(steps).toEqual(['aborted', 'stopped'])
  expect(starts).toHaveLength(1)
})

it('stops during a long pause without waiting for it', async () => {
  const { stop } = start({ everyMs: 3_600_000 })
  await sleep(5)
  const began = performance.now()
  await stop()
  expect(performance.now() - began).toBeLessThan(1_000)
})

it('accepts intervals that are longer than timers can hold', async () => {
  const { starts } = start({ everyMs: 100 * 86_400_000 })
  await sleep(20)
  expect(starts).toHaveLength(1)
})

it('ends a job that must succeed once with its first success', async () => {
  let runs = 0
  const { starts } = start({
    everyMs: UNTIL_DONE,
    retry: { firstMs: 2, longestMs: 4 },
    async run() {
      if (++runs < 3) throw new Error('not yet')
    },
  })
  await until(() => runs === 3)
  await sleep(30)
  expect(starts).toHaveLength(3)
})

it('tells whether the data that a service needs is loaded, and logs failures before that at level debug', async () => {
  let isUp = false
  const caughtUp = createCatchUp('loading', async () => {
    if (!isUp) throw new Error('not yet')
  })
  const { entries } = start(caughtUp.job)
  await until(() => entries.length > 0)
  expect(caughtUp.isDone()).toBe(false)
  isUp = true
  await until(caughtUp.isDone)
  expect(entries.every(({ level, job }) => level === 'debug' && job === 'loading')).toBe(true)
})
