import { createProcessorUse } from './processor-use.ts'

it('lowers the priority of an owner who used much processor time, and restores it', () => {
  let now = 0
  const use = createProcessorUse(() => now)
  expect(use.niceness('ann', 5)).toBe(5)
  use.add('ann', 1)
  expect(use.niceness('ann', 5)).toBe(5)
  use.add('ann', 7)
  expect(use.niceness('ann', 5)).toBe(8)
  use.add('ann', 48)
  expect(use.niceness('ann', 5)).toBe(14)
  use.add('ann', 100_000)
  expect(use.niceness('ann', 5)).toBe(19)
  expect(use.niceness('ann', 12, 15)).toBe(15)
  expect(use.niceness('bob', 5)).toBe(5)
  now = 600_000
  expect(use.niceness('ann', 5)).toBe(5)
})
