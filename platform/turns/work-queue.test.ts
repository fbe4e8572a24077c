import fc from 'fast-check'
import { createWorkQueue } from './work-queue.ts'

type Held = { key: string; end: () => void }

/** A queue whose work ends when the test ends it. */
function heldQueue(atOnce: number, ofEachOwner: number) {
  const running: Held[] = []
  const started: string[] = []
  const queue = createWorkQueue({ atOnce, ofEachOwner }, async (key) => {
    started.push(key)
    await new Promise<void>((end) => running.push({ key, end }))
    return key
  })
  return { queue, running, started }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))
const ownerOf = (key: string) => key.split(' ')[0] ?? ''

test('the work of one owner leaves places for the work of other owners', async () => {
  const { queue, running, started } = heldQueue(4, 2)
  const all = Array.from({ length: 12 }, (_, n) => queue.run(`bomber ${n}`, 'bomber'))
  all.push(queue.run('ann 0', 'ann'))
  await settled()
  expect(started).toEqual(['bomber 0', 'bomber 1', 'ann 0'])
  while (running.length > 0) {
    running.shift()?.end()
    await settled()
  }
  expect(await Promise.all(all)).toHaveLength(13)
})

test('a key that waits or runs is joined, and can run again afterwards', async () => {
  const { queue, running, started } = heldQueue(1, 1)
  const [first, joined] = [queue.run('ann 0', 'ann'), queue.run('ann 0', 'ann')]
  await settled()
  expect([queue.has('ann 0'), started.length]).toEqual([true, 1])
  running.shift()?.end()
  expect([await first, await joined]).toEqual(['ann 0', 'ann 0'])
  expect(queue.has('ann 0')).toBe(false)
  const again = queue.run('ann 0', 'ann')
  await settled()
  running.shift()?.end()
  expect(await again).toBe('ann 0')
  await queue.idle()
})

test('all work runs once and within the limits, and each owner gets a first turn before others get a second', async () => {
  const owners = fc.array(fc.constantFrom('ann', 'bob', 'cleo', 'dan'), { maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(
      owners,
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 3 }),
      fc.infiniteStream(fc.nat()),
      async (arrivals, atOnce, ofEachOwner, choices) => {
        const { queue, running, started } = heldQueue(atOnce, ofEachOwner)
        const all = arrivals.map((owner, n) => queue.run(`${owner} ${n}`, owner))
        await settled()
        for (const choice of choices) {
          expect(running.length).toBeLessThanOrEqual(atOnce)
          for (const { key } of running) {
            const same = running.filter((other) => ownerOf(other.key) === ownerOf(key))
            expect(same.length).toBeLessThanOrEqual(ofEachOwner)
          }
          if (running.length === 0) break
          running.splice(choice % running.length, 1)[0]?.end()
          await settled()
        }
        await Promise.all(all)
        expect(new Set(started).size).toBe(arrivals.length)
        expect(started).toHaveLength(arrivals.length)
        // All work arrived at once, except the pieces that found a free place on arrival. After those, the owners'
        // first pieces come first.
        const firsts = started.slice(atOnce).map(ownerOf)
        const seen = new Set(started.slice(0, atOnce).map(ownerOf))
        const newcomers = new Set(firsts.filter((owner) => !seen.has(owner)))
        expect(new Set(firsts.slice(0, newcomers.size))).toEqual(newcomers)
      },
    ),
    { numRuns: 50 },
  )
})
