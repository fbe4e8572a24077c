import fc from 'fast-check'
import { createTurnsOfEach } from './turns-of-each.ts'

const settled = () => new Promise((resolve) => setImmediate(resolve))

/** Starts pieces of work, which run until the test ends them. A name begins with the owner, and ends with the places. */
function begin(ofEach: number, mostWaiting: number) {
  const enter = createTurnsOfEach(ofEach, mostWaiting)
  const running = new Map<string, () => void>()
  const refused: string[] = []
  return {
    running,
    refused,
    async start(...names: string[]) {
      for (const name of names) {
        const [owner = '', , places] = name.split(' ')
        void enter(owner, Number(places ?? 1)).then((leave) =>
          leave ? running.set(name, leave) : refused.push(name),
        )
      }
      await settled()
      return [...running.keys()]
    },
    async end(name: string) {
      running.get(name)?.()
      running.delete(name)
      await settled()
      return [...running.keys()]
    },
  }
}

test('work of an owner runs a few at a time and in order, and does not delay other owners', async () => {
  const turns = begin(2, 10)
  expect(await turns.start('ann 1', 'ann 2', 'ann 3', 'ann 4', 'bob 1')).toEqual(['ann 1', 'ann 2', 'bob 1'])
  expect(await turns.end('ann 2')).toEqual(['ann 1', 'bob 1', 'ann 3'])
  expect(await turns.end('ann 1')).toEqual(['bob 1', 'ann 3', 'ann 4'])
})

test('work that needs several places waits until they are free, and later work of its owner waits for it', async () => {
  const turns = begin(4, 10)
  expect(await turns.start('ann a 1', 'ann b 1', 'ann c 3', 'ann d 1')).toEqual(['ann a 1', 'ann b 1'])
  expect(await turns.end('ann a 1')).toEqual(['ann b 1', 'ann c 3'])
  expect(await turns.end('ann b 1')).toEqual(['ann c 3', 'ann d 1'])
})

test('work that needs more places than there are runs alone', async () => {
  const turns = begin(2, 10)
  expect(await turns.start('ann a 9', 'ann b 1')).toEqual(['ann a 9'])
  expect(await turns.end('ann a 9')).toEqual(['ann b 1'])
})

test('more work than may wait is refused, until some has ended', async () => {
  const turns = begin(1, 1)
  expect(await turns.start('ann 1', 'ann 2', 'ann 3')).toEqual(['ann 1'])
  expect(turns.refused).toEqual(['ann 3'])
  await turns.end('ann 1')
  expect(await turns.start('ann 4')).toEqual(['ann 2'])
  expect(await turns.end('ann 2')).toEqual(['ann 4'])
})

test('at most the places of each owner are taken, and all work runs, for all orders', async () => {
  const pieces = fc.array(fc.tuple(fc.constantFrom('ann', 'bob'), fc.integer({ min: 1, max: 5 })))
  await fc.assert(
    fc.asyncProperty(pieces, fc.infiniteStream(fc.nat()), async (wanted, choices) => {
      const turns = begin(3, 1_000)
      let names = await turns.start(...wanted.map(([owner, places], n) => `${owner} ${n} ${places}`))
      let ended = 0
      for (const choice of choices) {
        for (const owner of ['ann', 'bob']) {
          const taken = names
            .filter((name) => name.startsWith(owner))
            .map((name) => Math.min(3, Number(name.split(' ')[2])))
          expect(taken.reduce((sum, places) => sum + places, 0)).toBeLessThanOrEqual(3)
        }
        const chosen = names[choice % names.length]
        if (chosen === undefined) break
        names = await turns.end(chosen)
        ended += 1
      }
      expect(ended).toBe(wanted.length)
    }),
    { numRuns: 50 },
  )
})
