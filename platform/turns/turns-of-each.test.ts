import fc from 'fast-check'
import { createTurnsOfEach } from './turns-of-each.ts'

const settled = () => new Promise((resolve) => setImmediate(resolve))

test('work of an owner runs a few at a time and in order, and does not delay other owners', async () => {
  const started: string[] = []
  const ends: (() => void)[] = []
  const run = createTurnsOfEach(2, 10)
  const work = (name: string) =>
    run(name.slice(0, 3), async () => {
      started.push(name)
      await new Promise<void>((end) => ends.push(end))
      return name
    })
  const all = ['ann 1', 'ann 2', 'ann 3', 'ann 4', 'bob 1'].map(work)
  await settled()
  expect(started).toEqual(['ann 1', 'ann 2', 'bob 1'])
  while (ends.length > 0) {
    ends.shift()?.()
    await settled()
  }
  expect(await Promise.all(all)).toEqual(['ann 1', 'ann 2', 'ann 3', 'ann 4', 'bob 1'])
  expect(started.slice(3)).toEqual(['ann 3', 'ann 4'])
})

test('more work than may wait is refused, until some has ended', async () => {
  const run = createTurnsOfEach(1, 1)
  const { promise, resolve } = Promise.withResolvers<string>()
  const [first, second, third] = [1, 2, 3].map(() => run('ann', () => promise))
  expect(await third).toBeNull()
  resolve('done')
  expect(await Promise.all([first, second])).toEqual(['done', 'done'])
  expect(await run('ann', async () => 'again')).toBe('again')
})

test('each owner has as many places after failures as before, for all orders', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom('ann', 'bob'), fc.boolean())), async (pieces) => {
      const run = createTurnsOfEach(3, 1_000)
      const running: Record<string, number> = { ann: 0, bob: 0 }
      let most = 0
      const all = pieces.map(([owner, fails]) =>
        run(owner, async () => {
          running[owner] = (running[owner] ?? 0) + 1
          most = Math.max(most, running[owner] ?? 0)
          await settled()
          running[owner] = (running[owner] ?? 0) - 1
          if (fails) throw new Error('fails')
          return owner
        }),
      )
      const results = await Promise.allSettled(all)
      expect(results.map(({ status }) => status)).toEqual(
        pieces.map(([, fails]) => (fails ? 'rejected' : 'fulfilled')),
      )
      expect(most).toBeLessThanOrEqual(3)
    }),
    { numRuns: 50 },
  )
})
